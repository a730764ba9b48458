/** «Registrar llamada»: a call written down by keyboard alone. */
export function QuickEntry() {
  return null;
}
