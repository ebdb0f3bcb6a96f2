/**
 * Typed events: private to the caller unless the class says `@event("public")`.
 *
 * @module
 */
import { exactly } from "./exact";
import { events_emit } from "./imports";
import { Writer } from "./writer";

/** @param event - An instance of an `@event` class. */
export function emit<T>(event: T): void {
  // @ts-ignore: the build gives every `@event` class these methods
  if (isDefined(event.__isPublic)) {
    exactly<T>(event);
    const name = nameof<T>();
    const writer = new Writer();
    // @ts-ignore: as above
    event.__encode(writer);
    events_emit(
      changetype<usize>(name),
      name.length,
      writer.pointer,
      writer.length,
      // @ts-ignore: as above
      event.__isPublic(),
    );
  } else {
    ERROR("emit() takes an instance of an @event class");
  }
}
