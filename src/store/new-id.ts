import { v7 } from 'uuid';

/** An id of a row that this process makes; in the order of making. */
export const newId = (): string => v7();
