/** The version that the SDK names in each event. */
export const VERSION = '1.0.0';
