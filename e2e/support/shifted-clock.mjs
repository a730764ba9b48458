// Preloaded into a console by a spec: its computer's clock is off by so much. Every thread of it reads this one.
const offset = Number(process.env.CHASQUI_E2E_CLOCK_OFFSET_MS ?? '0');
const RealDate = Date;
const realNow = RealDate.now.bind(RealDate);

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [realNow() + offset] : args));
  }
  static now() {
    return realNow() + offset;
  }
};
