import type { Notice } from './api';
import { options } from './settings';

export function notify(notice: Notice): void {
  try {
    if (options.onNotice) options.onNotice(notice);
  } catch (error) {
    console.error(error); // the page's own mistake, and none of the queue's
  }
}
