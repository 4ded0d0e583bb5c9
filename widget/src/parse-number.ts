/** Reads "3", "1,299.00 €" or "49,90 zł": a last separator with one or two digits behind it is the decimal point. */
export function parseNumber(text: string | null | undefined): number | undefined {
  const digits = /\d([\d\s.,'’]*\d)?/.exec(text ?? "")?.[0];
  // undefined where there is none
  return (digits && +digits.replace(/[^\d.,]|[.,](?!\d\d?$)/g, "").replace(",", ".")) as number | undefined;
}
