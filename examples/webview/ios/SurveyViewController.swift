import UIKit
import WebKit

private let survey = "after-hike"

/// Asks about a hike, in a web view over the whole screen.
final class SurveyViewController: UIViewController, WKScriptMessageHandler, WKNavigationDelegate {
    private let request: [String: Any]
    private let webView = WKWebView()

    /// The signature of the user is made by your server.
    init(user: String, name: String, signature: String, hike: String) {
        request = [
            "user": user, "signature": signature, "traits": ["name": name],
            "survey": survey, "hidden": ["hike": hike, "app_version": "3.2.0"],
        ]
        super.init(nibName: nil, bundle: nil)
    }

    required init?(coder: NSCoder) { fatalError("not from a storyboard") }

    override func loadView() { view = webView }

    override func viewDidLoad() {
        super.viewDidLoad()
        webView.navigationDelegate = self
        webView.configuration.userContentController.add(self, name: "askwell")
        webView.load(URLRequest(url: URL(string: "https://app.example.com/survey/")!))
        DispatchQueue.main.asyncAfter(deadline: .now() + 10) { [weak self] in // offline: not shown
            if self?.navigationController?.isNavigationBarHidden == false { self?.close() }
        }
    }

    /// The handler holds this controller, until it is removed.
    override func viewDidDisappear(_ animated: Bool) {
        super.viewDidDisappear(animated)
        webView.configuration.userContentController.removeScriptMessageHandler(forName: "askwell")
    }

    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
        guard message.frameInfo.isMainFrame, let text = message.body as? String,
              let heard = try? JSONDecoder().decode(Heard.self, from: Data(text.utf8)) else { return }
        if heard.type == "ready" {
            webView.callAsyncJavaScript("askwellApp(request)", arguments: ["request": request], in: nil, in: .page)
        }
        // An error of the page's own, say, is about none: if nothing shows, the ten seconds end it.
        guard heard.survey == survey else { return }
        switch heard.type {
        case "shown":
            navigationController?.setNavigationBarHidden(true, animated: true)
        case "completed": // time to read the thanks
            DispatchQueue.main.asyncAfter(deadline: .now() + 2.5) { [weak self] in self?.close() }
        case "dismissed", "error":
            close()
        default:
            break
        }
    }

    /// Any page in this view could post to the app: others open in the browser.
    func webView(_ view: WKWebView, decidePolicyFor action: WKNavigationAction,
                 decisionHandler: @escaping (WKNavigationActionPolicy) -> Void) {
        guard let url = action.request.url, url.scheme != "https" || url.host != "app.example.com"
        else { return decisionHandler(.allow) }
        decisionHandler(.cancel)
        UIApplication.shared.open(url)
    }

    private func close() {
        navigationController?.setNavigationBarHidden(false, animated: true)
        navigationController?.popViewController(animated: true)
    }

    private struct Heard: Decodable {
        let type: String
        let survey: String?
    }
}
