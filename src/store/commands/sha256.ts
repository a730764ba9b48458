import { hash } from 'node:crypto';

/** SHA-256 of the UTF-8 bytes, in lower-case hex: the links of a command chain. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');
