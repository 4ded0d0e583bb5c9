import { createAskwell } from "@askwell/sdk";
import { createClient } from "@askwell/sdk/server";

const { show, track } = createAskwell({ host: "https://feedback.example", site: "shop" });
const { send } = createClient({ host: "https://feedback.example", site: "shop", key: "ask_1" });

show("every-typ"); // refused
show("every-type", { hidden: { tipe: "nps" } }); // refused
show("every-type", { hidden: { type: 7 } }); // refused
show("bar", { hidden: { type: "nps" } }); // refused
show("1-a", { hidden: { cart_value: "49.9" } }); // refused
send("every-type", { answers: { single_choice: "nobody" } }); // refused
send("every-type", { answers: { multi_choice: "price" } }); // refused
send("every-type", { answers: { matrix: { order: "better" } } }); // refused
send("every-type", { answers: { "contact.consent": false } }); // refused
send("1-a", { answers: { told: "" } }); // refused
track("singup"); // refused
