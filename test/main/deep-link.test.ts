import { describe, expect, test } from 'vitest';
import { ticketOfArguments, ticketOfLink } from '../../src/main/deep-link.ts';

const id = '0199a5b2-7c11-7d3e-8a54-5f0e9d3c2b1a';

describe('threat 20: a link of ours opens a ticket and nothing else', () => {
  test('the one form', () => {
    expect(ticketOfLink(`chasqui://ticket/${id}`)).toBe(id);
    expect(ticketOfLink(`chasqui://ticket/${id}/`)).toBe(id);
    expect(ticketOfLink(`CHASQUI://TICKET/${id.toUpperCase()}`)).toBe(id);
  });

  // GHSA-w222-53c6-c86p and its kin: switches, encodings and paths that ride in a link.
  const hostile = [
    '',
    'chasqui:',
    'chasqui://',
    'chasqui://ticket/',
    `chasqui:ticket/${id}`,
    `chasqui:///ticket/${id}`,
    `chasqui://ticket/${id}?a=1`,
    `chasqui://ticket/${id}#x`,
    `chasqui://ticket/${id}/../../settings`,
    `chasqui://ticket/${id}%00`,
    `chasqui://ticket/${id}\0`,
    `chasqui://ticket/${id}\n`,
    `chasqui://ticket/${id} --inspect=9229`,
    `chasqui://ticket/${id}" --gpu-launcher="calc.exe`,
    `chasqui://ticket/${id}" "--no-sandbox" "--renderer-cmd-prefix=cmd.exe /c start`,
    `chasqui://ticket/${'-'.repeat(36)}`,
    `chasqui://ticket/${id.replace('0', 'g')}`,
    `chasqui://ticket/%30${id.slice(1)}`,
    `chasqui://user:pw@ticket/${id}`,
    `chasqui://ticket:80/${id}`,
    `chasqui://sign-out/${id}`,
    `chasqui-app://console/${id}`,
    `https://ticket/${id}`,
    `javascript:chasqui://ticket/${id}`,
    `file:///chasqui://ticket/${id}`,
    `chasqui://ticket/${'a'.repeat(1_000_000)}`,
  ];
  test.each(hostile.map((link) => [link.slice(0, 90)]))('%j is nothing', (link) => {
    expect(ticketOfLink(link)).toBeNull();
    expect(ticketOfArguments(['chasqui', link])).toBeNull();
  });

  test('among arguments only the link counts, wherever the system puts it', () => {
    const link = `chasqui://ticket/${id}`;
    expect(ticketOfArguments(['chasqui.exe', '--allow-file-access-from-files', '--', link])).toBe(id);
    expect(ticketOfArguments(['chasqui.exe', link, '--inspect'])).toBe(id);
    expect(ticketOfArguments([`--open=${link}`, '--inspect=0.0.0.0:9229', '%00'])).toBeNull();
    expect(ticketOfArguments([])).toBeNull();
  });
});
