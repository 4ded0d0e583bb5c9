import { createAskwell } from "@askwell/sdk";
import { createClient } from "@askwell/sdk/server";

const { show, track } = createAskwell({ host: "https://feedback.example", site: "shop" });
const { send } = createClient({ host: "https://feedback.example", site: "shop", key: "ask_1" });

show("every-type");
show("every-type", { hidden: { type: "nps" } });
show("1-a", { hidden: { "order-id": "A-42", cart_value: 49.9, vip: true } });
show("bar", { hidden: {} });
send("every-type", {
  answers: {
    nps: 9,
    thumbs: true,
    single_choice: "other",
    "single_choice.other": "A friend",
    multi_choice: ["price", "quality"],
    matrix: { order: "good" },
    contact: { email: "ada@shop.example" },
    "contact.consent": true,
  },
});
track("signup");
track("add to cart");
track('said "no" </script>');
