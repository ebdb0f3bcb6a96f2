/**
 * Tells a web service about each order, once, whatever goes wrong on the way.
 *
 * A command runs again where a machine fails or the state has moved, and a request whose answer is lost has
 * to be sent again: the service acts once because each order has a key of its own.
 *
 * @module
 */
import { Account, ctx, http, Mapping, Request, Retries, secrets } from "hermetic/contract";

const HOOK: string = "https://hooks.example/orders";
const ITEM_LENGTH_MAX: i32 = 64;
/** Times that one command asks again. */
const RETRIES: i32 = 2;

@data
export class Order {
  constructor(
    public id: u64,
    public buyer: Account,
    public item: string,
    public count: u32,
    /** Whether the service has said that it knows of the order. */
    public isDelivered: bool,
    /** What it said last: a status, or a word such as `timeout`. */
    public answer: string,
  ) {}
}

/** An item is a name of 1 to 64 letters, digits, spaces and hyphens. */
@error
export class ItemInvalid {}

/** Only who placed an order, and the owner, may ask about it. */
@error
export class NotYours {}

/** The owner has not set the secret `HOOK_KEY`. */
@error
export class KeyMissing {}

/** Takes orders, and tells the service behind a web hook about each of them. */
@contract
@grant("https://hooks.example", {
  methods: ["POST"],
  headers: ["authorization"],
  requestBytes: 1_024,
  responseBytes: 4_096,
})
export class Notifier {
  owner: Account = Account.zero;
  next: u64 = 1;
  orders!: Mapping<u64, Order>;

  @init
  open(): void {
    this.owner = ctx.caller();
  }

  /** Places an order and tells the service. The order stands even if the service cannot be told now. */
  @command
  place(item: string, count: u32): Order {
    if (!isItem(item)) throw new ItemInvalid();
    const order = new Order(this.next++, ctx.caller(), item, count, false, "");
    deliver(order);
    this.orders.set(order.id, order);
    return order;
  }

  /** Tells the service again, if it does not know yet. Anybody may: it changes nothing twice. */
  @command
  deliver(id: u64): bool {
    const order = this.orders.get(id);
    if (order.isDelivered) return true;
    deliver(order);
    this.orders.set(id, order);
    return order.isDelivered;
  }

  @query
  order(id: u64): Order {
    const order = this.orders.get(id);
    const caller = ctx.caller();
    if (caller != order.buyer && caller != this.owner) throw new NotYours();
    return order;
  }
}

function deliver(order: Order): void {
  const key = secrets.ref("HOOK_KEY");
  if (key === null) throw new KeyMissing();
  const body = '{"id":' + order.id.toString() + ',"item":"' + order.item + '","count":';
  const request = new Request("POST", HOOK)
    .header("authorization", "Bearer " + key)
    .header("content-type", "application/json")
    .text(body + order.count.toString() + "}")
    // The same whoever tells it, in whatever command: a service of two contracts must not mix them up.
    .idempotent(ctx.self().toString() + "-" + order.id.toString());
  const response = http.retry(request, new Retries(RETRIES));
  order.isDelivered = response.ok;
  order.answer = response.error.length > 0 ? response.error : response.status.toString();
}

function isItem(text: string): bool {
  if (text.length == 0 || text.length > ITEM_LENGTH_MAX) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const letter = unit | 0x20;
    const isLetter = letter >= 0x61 && letter <= 0x7a;
    const isDigit = unit >= 0x30 && unit <= 0x39;
    if (!isLetter && !isDigit && unit != 0x20 && unit != 0x2d) return false;
  }
  return true;
}
