/** A list of things to do, as a resource that speaks JSON over HTTP. */
import { defineModule, kvsResource, N2OError } from 'n2o';

interface Todo {
  readonly title: string;
  readonly done: boolean;
}

export default defineModule({
  rest: kvsResource<Todo>({ table: 'todo', validate: todoOf }),
});

/** What is kept of a value that a client sent. @throws N2O_REST_INVALID */
function todoOf(value: unknown): Todo {
  const { title, done = false } = (value ?? {}) as Partial<Record<keyof Todo, unknown>>;
  if (typeof title !== 'string' || title === '' || title.length > 200) {
    throw new N2OError('N2O_REST_INVALID', 'title: expected text of 1 to 200 characters');
  }
  if (typeof done !== 'boolean') {
    throw new N2OError('N2O_REST_INVALID', 'done: expected true or false');
  }
  return { title, done };
}
