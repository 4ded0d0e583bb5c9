/** The desk's conversations, as your support software has them. */
export const conversations = [
  {
    id: "c-1041",
    customer: "Maren Holt",
    email: "maren@example.com",
    subject: "Parcel is stuck in customs",
    agent: "Ada",
    messages: [
      ["Maren", "My order has been in customs for nine days. Can you see why?"],
      ["Ada", "The invoice was missing. I have sent it to them, and they released the parcel this morning."],
      ["Maren", "Oh, that was quick. Thank you!"],
    ],
  },
  {
    id: "c-1042",
    customer: "Piotr Zając",
    email: "piotr@example.com",
    subject: "Wrong size of deck shoes",
    agent: "Bo",
    messages: [
      ["Piotr", "I ordered 43 and got 41."],
      ["Bo", "I am sorry. Which size does it say on the box?"],
      ["Piotr", "43 on the box, 41 inside."],
      ["Bo", "A new pair is on its way; keep the others, or give them to somebody."],
    ],
  },
  {
    id: "c-1043",
    customer: "Li Wen",
    email: "li.wen@example.com",
    subject: "Cannot log in any more",
    agent: "Ada",
    messages: [
      ["Li", "The link to reset my password never comes."],
      ["Ada", "It went to an old address of yours. I have changed that: please try once more."],
      ["Li", "Works."],
    ],
  },
  {
    id: "c-1044",
    customer: "Sam O'Neill",
    email: "sam@example.com",
    subject: "Where is my refund?",
    agent: "Chidi",
    messages: [
      ["Sam", "You promised my refund <within a week>. It has been three."],
      ["Chidi", "The bank sent it back: the account number had changed. It is on its way again, I checked."],
    ],
  },
];
