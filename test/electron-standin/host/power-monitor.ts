import { StrictEmitter, strict } from './unimplemented.ts';

const raised = ['suspend', 'resume', 'lock-screen', 'unlock-screen', 'on-battery', 'on-ac'];
const inert = [
  'shutdown',
  'thermal-state-change',
  'speed-limit-change',
  'user-did-become-active',
  'user-did-resign-active',
];

class PowerMonitor extends StrictEmitter {
  readonly onBatteryPower = false;
  constructor() {
    super('powerMonitor', raised, inert);
  }
  isOnBatteryPower(): boolean {
    return false;
  }
  getSystemIdleTime(): number {
    return 0;
  }
  getSystemIdleState(): string {
    return 'active';
  }
}

export const powerMonitor = strict('powerMonitor', new PowerMonitor());

export function raisePower(event: string): void {
  powerMonitor.emit(event);
}
