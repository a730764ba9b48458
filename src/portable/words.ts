/** One line for the person at the terminal. Never an address with a token: that goes to stdout, once. */
export const say = (sentence: string): void => void process.stderr.write(`chasqui: ${sentence}\n`);

/** The console's address with its one-time token, for the program or person that started us. */
export function printAddress(url: string, json: boolean): void {
  process.stdout.write(`${json ? JSON.stringify({ console: { url } }) : url}\n`);
}
