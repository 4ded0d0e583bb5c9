// What the shop sells. Prices are in EUR.
export const products = [
  {
    id: "mug",
    price: 18,
    name: { en: "Dawn mug", pl: "Kubek „Świt”", zh: "晨光马克杯" },
    text: {
      en: "Thrown by hand and dipped once in blue glaze, so no two are quite alike.",
      pl: "Toczony ręcznie i raz zanurzany w niebieskim szkliwie, więc każdy jest trochę inny.",
      zh: "手工拉坯，蘸釉一次，每一只的釉线都略有不同。",
    },
    details: {
      en: "Stoneware, 350 ml, dishwasher safe",
      pl: "Kamionka, 350 ml, można myć w zmywarce",
      zh: "炻器，350 毫升，可用洗碗机清洗",
    },
  },
  {
    id: "teapot",
    price: 54,
    name: { en: "Hill teapot", pl: "Czajniczek „Wzgórze”", zh: "山丘茶壶" },
    text: {
      en: "Pours without a drip and keeps two large cups warm. The handle is willow.",
      pl: "Nalewa bez kapania i utrzymuje ciepło dwóch dużych filiżanek. Rączka jest z wikliny.",
      zh: "出水利落不滴漏，可为两大杯茶保温。提梁由柳条弯制。",
    },
    details: {
      en: "Stoneware and willow, 900 ml, with a strainer",
      pl: "Kamionka i wiklina, 900 ml, z sitkiem",
      zh: "炻器与柳条，900 毫升，附滤网",
    },
  },
  {
    id: "bowl",
    price: 36,
    name: { en: "Orchard bowl", pl: "Misa „Sad”", zh: "果园大碗" },
    text: {
      en: "Wide enough for a week of fruit, or a salad for six.",
      pl: "Pomieści owoce na cały tydzień albo sałatkę dla sześciu osób.",
      zh: "够放一周的水果，也够盛六人份的沙拉。",
    },
    details: {
      en: "Stoneware, 28 cm, oven safe to 220 °C",
      pl: "Kamionka, 28 cm, do piekarnika do 220 °C",
      zh: "炻器，直径 28 厘米，可入烤箱（最高 220 °C）",
    },
  },
  {
    id: "board",
    price: 42.5,
    name: { en: "Oak board", pl: "Dębowa deska", zh: "橡木砧板" },
    text: {
      en: "One piece of oak, oiled twice. Bread in the morning, cheese at night.",
      pl: "Jeden kawałek dębu, dwukrotnie olejowany. Rano na chleb, wieczorem na sery.",
      zh: "整块橡木制成，上两道木蜡油。早上切面包，晚上摆奶酪。",
    },
    details: {
      en: "European oak, 42 × 24 cm",
      pl: "Dąb europejski, 42 × 24 cm",
      zh: "欧洲橡木，42 × 24 厘米",
    },
  },
  {
    id: "towel",
    price: 24,
    name: { en: "Linen towels", pl: "Lniane ściereczki", zh: "亚麻厨房巾" },
    text: {
      en: "A pair, washed soft. They dry fast and get better with every wash.",
      pl: "Dwie sztuki, zmiękczone praniem. Szybko schną i z każdym praniem są przyjemniejsze.",
      zh: "两条一组，预洗柔软。干得快，越洗越舒服。",
    },
    details: {
      en: "100% linen, 50 × 70 cm, set of two",
      pl: "100% len, 50 × 70 cm, komplet dwóch sztuk",
      zh: "100% 亚麻，50 × 70 厘米，两条装",
    },
  },
  {
    id: "dripper",
    price: 48,
    name: { en: "Pour-over set", pl: "Zestaw do przelewu", zh: "手冲咖啡套装" },
    text: {
      en: "A ceramic dripper and a glass jug, for three cups of slow coffee.",
      pl: "Ceramiczny dripper i szklany dzbanek: trzy filiżanki niespiesznej kawy.",
      zh: "陶瓷滤杯配玻璃分享壶，慢慢冲出三杯好咖啡。",
    },
    details: {
      en: "Stoneware and glass, 600 ml, takes size 02 filters",
      pl: "Kamionka i szkło, 600 ml, filtry w rozmiarze 02",
      zh: "炻器与玻璃，600 毫升，适用 02 号滤纸",
    },
  },
];
