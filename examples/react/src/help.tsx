import { Askwell } from "@askwell/sdk/react";
import { useState } from "react";

const articles = {
  locking: [
    "Locking the bike",
    "Push the lever down until it clicks. The ride ends when the light turns from green to white.",
  ],
  brakes: [
    "When a brake feels soft",
    "End the ride at the next station. It costs nothing, and the bike waits there for a mechanic.",
  ],
};
type Article = keyof typeof articles;

export function Help() {
  const [article, setArticle] = useState<Article>("locking");
  const [thanked, setThanked] = useState(false);
  const [title, text] = articles[article];
  return (
    <article>
      <h1>{title}</h1>
      <p>{text}</p>
      {/* In its place on the page, and drawn by Askwell; another key is another survey. */}
      <Askwell
        key={article}
        survey="helpful"
        hidden={{ article }}
        className="helpful"
        onCompleted={(_, { answers }) => setThanked("helped" in answers && answers.helped === true)}
      />
      {thanked && <p className="thanked">Glad that it helped.</p>}
      <button
        type="button"
        className="quiet"
        onClick={() => {
          setThanked(false);
          setArticle(article === "locking" ? "brakes" : "locking");
        }}
      >
        Next article
      </button>
    </article>
  );
}
