import { Json } from "hermetic/contract";

/** Writes an order as text and reads it back with the SDK's reader. */
@contract
export class JsonText {
  @query
  run(rounds: u32): u32 {
    let sum: u32 = 0;
    for (let round: u32 = 0; round < rounds; round++) {
      const parts: string[] = [];
      for (let i: u32 = 0; i < 8; i++) {
        const item = i + round;
        parts.push(
          '{"name": "item ' + item.toString() + '", "count": ' + (item * 7).toString() + "}",
        );
      }
      const text = '{"id": ' + round.toString() + ', "items": [' + parts.join(", ") + "]}";
      const order = Json.parse(Uint8Array.wrap(String.UTF8.encode(text)));
      sum = sum * 31 + <u32>order.at("id").asU64();
      const items = order.at("items");
      for (let i = 0; i < items.length; i++) {
        const item = items.at(i.toString());
        sum = sum * 31 + <u32>item.at("count").asU64() + item.at("name").asString().length;
      }
    }
    return sum;
  }
}
