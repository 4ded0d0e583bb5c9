/** Reads "3", "1,299.00 €" or "49,90 zł": a last separator with one or two digits behind it is the decimal point. */
export function parseNumber(text: string | null | undefined): number | undefined {
  const digits = /\d[\d\s.,'’]*/.exec(text ?? "")?.[0].trim();
  if (!digits) return undefined;
  const [, whole = digits, cents = ""] = /^(.*)[.,](\d{1,2})$/.exec(digits) ?? [];
  return Number(`${whole.replace(/\D/g, "")}.${cents}`);
}
