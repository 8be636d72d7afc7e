/** Numbers for routes, so that each travels to the worker once and not with every event. */
import type { Route } from '@n2o/shared';

/** Routes that a worker keeps; beyond it the one that was numbered first is forgotten. */
export const MAX_ROUTES = 65_536;

export class RouteNumbers {
  readonly #numbers = new Map<Route, number>();
  #next = 0;

  get size(): number {
    return this.#numbers.size;
  }

  get(route: Route): number | undefined {
    return this.#numbers.get(route);
  }

  /** Gives a route its number, and says which number is free for it. */
  add(route: Route): { number: number; forgotten: number | undefined } {
    let forgotten: number | undefined;
    if (this.#numbers.size >= MAX_ROUTES) {
      const [oldest] = this.#numbers;
      if (oldest) {
        forgotten = oldest[1];
        this.#numbers.delete(oldest[0]);
      }
    }
    const number = this.#next;
    this.#next = (this.#next + 1) >>> 0;
    this.#numbers.set(route, number);
    return { number, forgotten };
  }

  clear(): void {
    this.#numbers.clear();
  }
}
