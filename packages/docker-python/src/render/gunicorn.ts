import { readAsset } from './assets';

/** gunicorn's settings for a container: written once, then the user's. */
export function renderGunicornConf(): string {
  return readAsset('templates', 'gunicorn.conf.py');
}
