// Power BI, and Excel's Power Query (Data > Get Data > Blank Query > Advanced Editor): scores by week and device, of the
// last year. The key is a parameter of the workbook that is called AskwellKey; never paste it into the query itself.
let
    Server = "https://feedback.shop.example",
    Answer = Web.Contents(Server, [
        RelativePath = "v1/sites/shop/surveys/checkout-exit/scores",
        Query = [
            from = Date.ToText(Date.AddYears(DateTime.Date(DateTime.FixedLocalNow()), -1), "yyyy-MM-dd"),
            every = "week", by = "device", format = "csv"],
        Headers = [Authorization = "Bearer " & AskwellKey]
    ]),
    Rows = Table.PromoteHeaders(Csv.Document(Answer, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv])),
    Weeks = Table.SelectRows(Rows, each [level] = "group_bucket"),
    Typed = Table.TransformColumnTypes(Weeks, {
        {"date", type date}, {"device", type text}, {"n", Int64.Type},
        {"score", type number}, {"low", type number}, {"high", type number}}, "en-US")
in
    Table.SelectColumns(Typed, {"date", "device", "n", "score", "low", "high"})
