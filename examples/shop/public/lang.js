// Chooses the language: ?lang=pl, else the visitor's last choice, else the browser's, else English.
// An ordinary script that the parser waits for, not a module: <html lang> has to be set before the
// Askwell script runs, and that one is async.
{
  const url = new URL(location.href);
  const asked = url.searchParams.get("lang");
  const wishes = [asked, localStorage.getItem("shop.lang"), navigator.language.slice(0, 2), "en"];
  document.documentElement.lang = wishes.find((wish) => ["en", "pl", "zh"].includes(wish));

  if (asked) {
    // Remembered, and out of the address: going back must not switch the language back.
    localStorage.setItem("shop.lang", document.documentElement.lang);
    url.searchParams.delete("lang");
    history.replaceState(null, "", url);
  }
}
