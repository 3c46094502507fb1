// The module: `import { MoneyFlow } from '…/moneyflow-tracking.mjs'`.
export { MoneyFlow } from './tracker';
