import { beforeEach, describe, expect, it } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { SESSIONS_MAX, SESSION_IDLE_MS } from "#protocol/limits.ts";
import { nodePrimitives } from "#platform/primitives.ts";
import { ContractState } from "#host/state/committed.ts";
import { Overlay } from "#host/state/overlay.ts";
import { Sessions, type NewSession } from "#session/sessions.ts";

const START_MS = 1_700_000_000_000;

function session(index: number): NewSession {
  const account = new Uint8Array(32);
  new DataView(account.buffer).setUint32(0, index);
  return { id: account.slice(0, 16), account, secret: account.slice().fill(1, 4) };
}

describe("Sessions", () => {
  let state: ContractState;
  let sessions: Sessions;

  beforeEach(() => {
    state = new ContractState();
    sessions = new Sessions(nodePrimitives);
  });

  /** One step of the log: run, then commit. */
  function step(run: (overlay: Overlay) => void): void {
    const overlay = new Overlay(state);
    run(overlay);
    state.apply(overlay.writes());
  }

  const add = (index: number, timeMs = START_MS): void =>
    step((overlay) => void sessions.add(overlay, session(index), timeMs));
  const use = (index: number, sequence: number, timeMs = START_MS): void =>
    step((overlay) => sessions.use(overlay, session(index).id, sequence, timeMs));
  const isOpen = (index: number): boolean => sessions.isOpen(state, session(index).id);

  /** A second copy that knows only what is in state. */
  function restored(): Sessions {
    const copy = new Sessions(nodePrimitives);
    copy.restore(state.entries());
    return copy;
  }

  it("finds what was opened, from cache and from state alike", () => {
    add(1);
    expect(sessions.find(state, session(1).id).account).toEqual(session(1).account);
    expect(restored().find(state, session(1).id)).toEqual(sessions.find(state, session(1).id));
    expect(() => sessions.find(state, session(2).id)).toThrow("SESSION_UNKNOWN");
  });

  it("opens a session once", () => {
    add(1);
    use(1, 1);
    expect(() => add(1)).toThrow("SESSION_REPLAYED");
    expect(() => sessions.checkNew(state, session(1).id, START_MS)).toThrow("SESSION_REPLAYED");
    expect(() => use(1, 1)).toThrow("SESSION_REPLAYED");
  });

  it("keeps used numbers in state, so that every copy knows them", () => {
    add(1);
    use(1, 3);
    expect(() => restored().check(state, session(1).id, 3)).toThrow("SESSION_REPLAYED");
    restored().check(state, session(1).id, 2);
    expect(() => restored().check(state, session(2).id, 2)).toThrow("SESSION_UNKNOWN");
  });

  it("leaves numbers free that were used in a step that was not committed", () => {
    add(1);
    sessions.use(new Overlay(state), session(1).id, 1, START_MS);
    use(1, 1);
    expect(() => use(1, 1)).toThrow("SESSION_REPLAYED");
  });

  describe("when the table is full", () => {
    beforeEach(() => {
      const overlay = new Overlay(state);
      for (let index = 0; index < SESSIONS_MAX; index++)
        sessions.add(overlay, session(index), START_MS);
      state.apply(overlay.writes());
    });

    it("refuses one more while none has been idle for an hour", () => {
      expect(() => add(SESSIONS_MAX)).toThrow("SESSION_LIMIT");
      expect(() => add(SESSIONS_MAX, START_MS + SESSION_IDLE_MS)).toThrow("SESSION_LIMIT");
      expect(isOpen(0)).toBe(true);
    });

    it("drops the longest idle one, and the first by name among equals", () => {
      const later = START_MS + SESSION_IDLE_MS + 1;
      use(0, 1, START_MS + 5);
      add(SESSIONS_MAX, later);
      expect(isOpen(0)).toBe(true);
      expect(isOpen(1)).toBe(false);
      expect(() => sessions.find(state, session(1).id)).toThrow("SESSION_UNKNOWN");
      expect(() => sessions.check(state, session(1).id, 1)).toThrow("SESSION_UNKNOWN");
      add(SESSIONS_MAX + 1, later);
      expect(isOpen(2)).toBe(false);
    });

    it("does not count a use that was taken back", () => {
      sessions.use(new Overlay(state), session(0).id, 1, START_MS + 5);
      sessions.takeBack(state, session(0).id);
      add(SESSIONS_MAX, START_MS + SESSION_IDLE_MS + 1);
      expect(isOpen(0)).toBe(false);
    });

    it("drops the same ones on a copy that was restored", () => {
      const copy = restored();
      const later = START_MS + SESSION_IDLE_MS + 1;
      for (let index = SESSIONS_MAX; index < SESSIONS_MAX + 20; index++) {
        const [one, other] = [new Overlay(state), new Overlay(state)];
        sessions.add(one, session(index), later);
        copy.add(other, session(index), later);
        const text = (overlay: Overlay): string[] =>
          overlay
            .writes()
            .map(([key, value]) => `${toHex(key)} ${value === undefined ? "-" : toHex(value)}`);
        expect(text(other)).toEqual(text(one));
        state.apply(one.writes());
      }
    });
  });
});
