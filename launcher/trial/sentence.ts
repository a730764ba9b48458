/** Something the person at the keyboard can act on: only the sentence is shown, no stack. */
export class Sentence extends Error {}
