import type { Traits } from "./api.ts";
import type { Cart, Response } from "./wire.ts";

/** What the page said of the user, in the shape that the collector takes; what does not fit is left out. */
export function identity(
  [id, about, signature]: unknown[],
  more?: Traits,
): Pick<Response, "user" | "user_sig" | "traits"> {
  // A page whose visitor is logged out may say undefined, null, false or an empty text.
  const word = (said: unknown, longest: number) =>
    said && fits(said) ? `${said as string}`.slice(0, longest) : undefined;
  const traits = (about || more) && { ...(about as Traits), ...more };
  return { user: word(id, 200), user_sig: word(signature, 64), traits: plain(traits) };
}

const fits = (said: unknown) => /^(string|number|boolean)$/.test(typeof said);

/** Strings, numbers and booleans by name, as many and as long as the collector takes. */
export const plain = (
  said: Response["traits"],
  takes: (name: string, value: unknown) => unknown = () => true,
): Response["traits"] =>
  said &&
  Object.fromEntries(
    Object.entries(said)
      .filter(([name, value]) => takes(name, value) && fits(value))
      .slice(0, 50)
      .map(([name, value]) => [name.slice(0, 60), typeof value === "string" ? value.slice(0, 200) : value]),
  );

/** The cart in the shape that the collector takes: a response is worth more than its cart. */
export function cartOf(cart: Cart | undefined): Cart | undefined {
  if (!cart) return undefined;
  const { value, items, currency } = cart;
  return { value: Number(value) || 0, items: Number(items) || 0, currency: currency && `${currency}`.slice(0, 3) };
}
