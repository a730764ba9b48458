import { StrictEmitter, strict } from './unimplemented.ts';

const area = { x: 0, y: 0, width: 1920, height: 1080 };
const display = {
  id: 1,
  label: 'electron-standin',
  bounds: area,
  workArea: area,
  size: { width: area.width, height: area.height },
  workAreaSize: { width: area.width, height: area.height },
  scaleFactor: 1,
  rotation: 0,
  internal: false,
  touchSupport: 'unavailable',
};

class Screen extends StrictEmitter {
  constructor() {
    super('screen', [], ['display-added', 'display-removed', 'display-metrics-changed']);
  }
  getPrimaryDisplay(): object {
    return display;
  }
  getAllDisplays(): object[] {
    return [display];
  }
  getDisplayMatching(): object {
    return display;
  }
  getDisplayNearestPoint(): object {
    return display;
  }
  getCursorScreenPoint(): object {
    return { x: 0, y: 0 };
  }
}

export const screen = strict('screen', new Screen());
