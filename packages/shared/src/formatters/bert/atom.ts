/** Atoms: names that are compared by identity, as in Erlang. */

/** One per name among those that anybody holds: bounded by what lives, unlike Erlang's table. */
const living = new Map<string, WeakRef<Atom>>();

const dead = new FinalizationRegistry<string>((name) => {
  if (living.get(name)?.deref() === undefined) living.delete(name);
});

/** An Erlang atom: `atom('ok') === atom('ok')`. The booleans, null and undefined are themselves. */
export class Atom {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** The atom of this name, if anybody holds it. */
  static known(name: string): Atom | undefined {
    return living.get(name)?.deref();
  }

  /** The atom of this name. */
  static of(name: string): Atom {
    const known = Atom.known(name);
    if (known !== undefined) return known;
    const made = new Atom(name);
    living.set(name, new WeakRef(made));
    dead.register(made, name);
    return made;
  }

  toString(): string {
    return this.name;
  }
}

/** The atom of this name, of at most 255 characters. */
export function atom(name: string): Atom {
  return Atom.of(name);
}
