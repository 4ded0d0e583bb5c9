// The shop's words. The pages are written in English, and an English text is its own key:
// <p data-t>Your cart</p> in a page, t("Your cart") in a script.

const texts = {
  // Page titles
  "Fernhill · Good things for the kitchen table": {
    pl: "Fernhill · Dobre rzeczy na kuchenny stół",
    zh: "Fernhill · 餐桌好物",
  },
  "Cart · Fernhill": { pl: "Koszyk · Fernhill", zh: "购物车 · Fernhill" },
  "Checkout · Fernhill": { pl: "Zamówienie · Fernhill", zh: "结算 · Fernhill" },
  "Thank you · Fernhill": { pl: "Dziękujemy · Fernhill", zh: "感谢订购 · Fernhill" },
  "Scores · Fernhill": { pl: "Wyniki · Fernhill", zh: "评分 · Fernhill" },

  // Header and footer
  Language: { pl: "Język", zh: "语言" },
  Shop: { pl: "Sklep", zh: "商店" },
  Cart: { pl: "Koszyk", zh: "购物车" },
  "Fernhill is the demo shop of Askwell. Nothing here is really for sale.": {
    pl: "Fernhill to sklep demonstracyjny Askwell. Niczego nie można tu naprawdę kupić.",
    zh: "Fernhill 是 Askwell 的演示商店，商品并不真实出售。",
  },
  Scores: { pl: "Wyniki", zh: "评分" },

  // Products
  "Good things for the kitchen table": { pl: "Dobre rzeczy na kuchenny stół", zh: "餐桌上的好物" },
  "Stoneware, oak and linen from small workshops, made to be used every day.": {
    pl: "Kamionka, dąb i len z małych pracowni. Do używania na co dzień.",
    zh: "陶器、橡木与亚麻，出自小作坊，为每一天而做。",
  },
  "See the collection": { pl: "Zobacz kolekcję", zh: "查看全部商品" },
  "The collection": { pl: "Kolekcja", zh: "全部商品" },
  "Free delivery from {free}": { pl: "Darmowa dostawa od {free}", zh: "满 {free} 免运费" },
  "30 days to send it back": { pl: "30 dni na zwrot", zh: "30 天内可退货" },
  "Guest checkout, no account needed": { pl: "Zakupy bez zakładania konta", zh: "无需注册即可下单" },
  "Add to cart": { pl: "Do koszyka", zh: "加入购物车" },
  "In your cart: {name} × {n}": { pl: "W koszyku: {name} × {n}", zh: "购物车中：{name} × {n}" },
  "Go to cart": { pl: "Przejdź do koszyka", zh: "去购物车" },
  "Back to all products": { pl: "Wszystkie produkty", zh: "返回全部商品" },
  Quantity: { pl: "Ilość", zh: "数量" },
  "Leaves our workshop within 2 working days": { pl: "Wysyłka w ciągu 2 dni roboczych", zh: "2 个工作日内发货" },
  "We do not have this product": { pl: "Nie mamy takiego produktu", zh: "没有找到这件商品" },
  "It may have sold out. Have a look at what is on the shelf.": {
    pl: "Być może się wyprzedał. Zobacz, co mamy na półce.",
    zh: "它可能已经售完，看看其他商品吧。",
  },

  // Cart
  "Your cart": { pl: "Twój koszyk", zh: "购物车" },
  Summary: { pl: "Podsumowanie", zh: "订单小计" },
  Products: { pl: "Produkty", zh: "商品" },
  Delivery: { pl: "Dostawa", zh: "运费" },
  Free: { pl: "Gratis", zh: "免运费" },
  "Total, with VAT": { pl: "Razem z VAT", zh: "合计（含税）" },
  "{price} each": { pl: "{price} za sztukę", zh: "单价 {price}" },
  Remove: { pl: "Usuń", zh: "删除" },
  "Add {amount} more and delivery is free.": {
    pl: "Do darmowej dostawy brakuje {amount}.",
    zh: "再买 {amount} 即可免运费。",
  },
  "Go to checkout": { pl: "Przejdź do kasy", zh: "去结算" },
  "Free returns within 30 days": { pl: "Darmowy zwrot przez 30 dni", zh: "30 天内免费退货" },
  "Your cart is empty": { pl: "Twój koszyk jest pusty", zh: "购物车是空的" },
  "When you find something you like, it will wait for you here.": {
    pl: "Gdy coś Ci się spodoba, będzie tu na Ciebie czekać.",
    zh: "遇到喜欢的商品，加进来就会留在这里。",
  },

  // Checkout
  Checkout: { pl: "Zamówienie", zh: "结算" },
  "This is a demo: the form is not sent anywhere, so please leave your real card in your pocket.": {
    pl: "To demo: formularz nigdzie nie jest wysyłany, więc prawdziwą kartę zostaw w kieszeni.",
    zh: "这是演示：表单内容不会发送到任何地方，请不要填写真实的银行卡。",
  },
  "Fill in an example": { pl: "Wypełnij przykładem", zh: "填入示例" },
  Contact: { pl: "Kontakt", zh: "联系方式" },
  Email: { pl: "E-mail", zh: "电子邮箱" },
  "Delivery address": { pl: "Adres dostawy", zh: "收货地址" },
  "Full name": { pl: "Imię i nazwisko", zh: "姓名" },
  "Street and number": { pl: "Ulica i numer", zh: "街道和门牌号" },
  Postcode: { pl: "Kod pocztowy", zh: "邮政编码" },
  City: { pl: "Miejscowość", zh: "城市" },
  Country: { pl: "Kraj", zh: "国家" },
  "Choose a country": { pl: "Wybierz kraj", zh: "请选择国家" },
  Card: { pl: "Karta płatnicza", zh: "银行卡" },
  "Card number": { pl: "Numer karty", zh: "卡号" },
  "Expires (MM/YY)": { pl: "Ważna do (MM/RR)", zh: "有效期（月/年）" },
  "Security code": { pl: "Kod CVC", zh: "安全码" },
  "Place order and pay": { pl: "Zamawiam i płacę", zh: "提交订单并付款" },
  "Your order": { pl: "Twoje zamówienie", zh: "您的订单" },
  "Change the cart": { pl: "Zmień koszyk", zh: "修改购物车" },
  "Please fill this in.": { pl: "Uzupełnij to pole.", zh: "请填写此项。" },
  "This does not look like an email address.": { pl: "To nie wygląda na adres e-mail.", zh: "邮箱格式不正确。" },
  "A card number has 13 to 19 digits.": { pl: "Numer karty ma od 13 do 19 cyfr.", zh: "卡号应为 13 至 19 位数字。" },
  "Write month and year as 08/29.": { pl: "Wpisz miesiąc i rok, np. 08/29.", zh: "请按 08/29 的格式填写月和年。" },
  "The 3 or 4 digits on the back of the card.": {
    pl: "3 lub 4 cyfry z odwrotu karty.",
    zh: "卡背面的 3 或 4 位数字。",
  },

  // Order complete
  "Thank you for your order": { pl: "Dziękujemy za zamówienie", zh: "感谢您的订购" },
  "Order number:": { pl: "Numer zamówienia:", zh: "订单号：" },
  "We are packing it now. It leaves our workshop within 2 working days.": {
    pl: "Już je pakujemy. Wyślemy je w ciągu 2 dni roboczych.",
    zh: "我们正在打包，将在 2 个工作日内发货。",
  },
  "No order yet": { pl: "Nie ma jeszcze zamówienia", zh: "还没有订单" },
  "Once you have ordered something, you will find it here.": {
    pl: "Gdy coś zamówisz, znajdziesz to tutaj.",
    zh: "下单之后，可以在这里查看。",
  },
  "Need a hand?": { pl: "Potrzebujesz pomocy?", zh: "需要帮助吗？" },
  "Our people answer within a minute.": { pl: "Odpowiadamy w ciągu minuty.", zh: "客服将在一分钟内回复。" },
  "Talk to support": { pl: "Napisz do nas", zh: "联系客服" },
  "Hello, I have not received a confirmation yet.": {
    pl: "Dzień dobry, nie mam jeszcze potwierdzenia zamówienia.",
    zh: "你好，我还没有收到订单确认邮件。",
  },
  "Thanks for asking! I have just sent it to you again.": {
    pl: "Dziękuję za wiadomość! Właśnie wysyłam je jeszcze raz.",
    zh: "感谢您的反馈！我刚刚为您重新发送了一封。",
  },
  "Your issue is resolved.": { pl: "Twoja sprawa została rozwiązana.", zh: "您的问题已解决。" },

  // Scores
  "What visitors of this shop answered, straight from the collector and renewed every two seconds.": {
    pl: "Odpowiedzi osób odwiedzających ten sklep, prosto z serwera, odświeżane co dwie sekundy.",
    zh: "本店访客的回答，直接来自收集服务，每两秒刷新一次。",
  },
  "Admin key": { pl: "Klucz administratora", zh: "管理密钥" },
  "Show the scores": { pl: "Pokaż wyniki", zh: "查看评分" },
  "The collector prints the key when it starts. It stays in this tab and is forgotten when you close it.": {
    pl: "Serwer wypisuje klucz przy uruchomieniu. Klucz zostaje w tej karcie i znika po jej zamknięciu.",
    zh: "收集服务启动时会显示密钥。密钥只保留在当前标签页，关闭后即清除。",
  },
  "Forget the key": { pl: "Zapomnij klucz", zh: "清除密钥" },
  "Leaving the checkout": { pl: "Opuszczenie kasy", zh: "离开结算" },
  "After an order": { pl: "Po zamówieniu", zh: "下单之后" },
  "After support": { pl: "Po kontakcie z obsługą", zh: "客服之后" },
  "No answers yet": { pl: "Nie ma jeszcze odpowiedzi", zh: "还没有回答" },
  "Answers: {n}": { pl: "Liczba odpowiedzi: {n}", zh: "{n} 份回答" },
  "95% interval: {low} to {high}": { pl: "Przedział 95%: od {low} do {high}", zh: "95% 置信区间：{low} 至 {high}" },
  "Easy (5 to 7): {share}, 95% interval: {low} to {high}": {
    pl: "Łatwo (5–7): {share}, przedział 95%: od {low} do {high}",
    zh: "容易（5–7 分）：{share}，95% 置信区间：{low} 至 {high}",
  },
  "Latest answers": { pl: "Ostatnie odpowiedzi", zh: "最新回答" },
  "This key was not accepted. Check that you copied all of it.": {
    pl: "Ten klucz nie został przyjęty. Sprawdź, czy jest skopiowany w całości.",
    zh: "密钥无效，请检查是否复制完整。",
  },
  "This key may not read the scores.": {
    pl: "Ten klucz nie pozwala czytać wyników.",
    zh: "此密钥没有读取评分的权限。",
  },
  "This survey has not been published.": { pl: "Ta ankieta nie jest opublikowana.", zh: "此问卷尚未发布。" },
  "The collector does not answer as it should ({problem}). Trying again…": {
    pl: "Serwer nie odpowiada jak należy ({problem}). Próbuję ponownie…",
    zh: "收集服务响应异常（{problem}），正在重试……",
  },
};

export const lang = document.documentElement.lang;

/** The text in the page's language, with {names} replaced by values. */
export function t(text, values = {}) {
  return (texts[text]?.[lang] ?? text).replace(/\{(\w+)\}/g, (name, key) => values[key] ?? name);
}

/** Translates what is marked in a piece of the page: the text with data-t, the label with data-t-label. */
export function translate(root, values) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.textContent, values);
  for (const element of root.querySelectorAll("[data-t-label]")) element.ariaLabel = t(element.ariaLabel);
}
