import { hash } from 'node:crypto';
import type { HasherPort } from '../core/ports/hasher.ts';

export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');
export const nodeHasher: HasherPort = { sha256Hex };
