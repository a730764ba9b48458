import type { NewsHub } from '../news-hub.ts';

/**
 * Tells the screens of the tickets that a fill brings: of the first ones at once, then whenever there are twice as many as when it last
 * told. Every look at a queue that grows sorts all that it holds, so there are few of them, and fewer the larger it is. With the first
 * tickets the directory is there too.
 */
export function createGrowth(hub: NewsHub): (tickets: number) => void {
  let held = 0;
  let told = 0;
  return (tickets) => {
    held += tickets;
    if (held === 0 || held < 2 * told) return;
    if (told === 0) hub.emit('directory');
    told = held;
    hub.emit('queue', { count: held });
  };
}
