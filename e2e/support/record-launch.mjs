#!/usr/bin/env node
// Stands for the desktop's link opener: writes down what it was asked to open.
import { appendFileSync, readFileSync } from 'node:fs';

const [subject] = process.argv.slice(2);
const isFile = subject?.startsWith('/') ?? false;
const content = isFile ? readFileSync(subject, 'utf8') : null;
appendFileSync(process.env.CHASQUI_E2E_LAUNCHES, `${JSON.stringify({ subject, content })}\n`);
