package com.example.trailmaps

import android.annotation.SuppressLint
import android.content.ActivityNotFoundException
import android.content.Intent
import android.os.Bundle
import android.webkit.JavascriptInterface
import android.webkit.WebResourceRequest
import android.webkit.WebView
import android.webkit.WebViewClient
import androidx.appcompat.app.AppCompatActivity
import org.json.JSONObject

/** Asks about a hike, in a web view over the whole screen. */
class SurveyActivity : AppCompatActivity() {
    private lateinit var view: WebView
    private val survey = "after-hike"

    @SuppressLint("SetJavaScriptEnabled")
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        view = WebView(this)
        setContentView(view)
        view.settings.javaScriptEnabled = true
        view.settings.domStorageEnabled = true // answers that cannot be sent yet wait there
        view.addJavascriptInterface(Bridge(), "AskwellAndroid")
        view.webViewClient = object : WebViewClient() {
            // Any page in this view could call the bridge: others open in the browser.
            override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest): Boolean {
                if (request.url.scheme == "https" && request.url.host == "app.example.com") return false
                try {
                    startActivity(Intent(Intent.ACTION_VIEW, request.url))
                } catch (nobody: ActivityNotFoundException) {
                    // nothing here opens such an address
                }
                return true
            }
        }
        view.loadUrl("https://app.example.com/survey/")
        view.postDelayed({ if (supportActionBar?.isShowing == true) finish() }, 10_000) // offline: not shown
    }

    private inner class Bridge {
        @JavascriptInterface // called on a thread of its own
        fun postMessage(message: String) {
            val said = JSONObject(message)
            val type = said.getString("type")
            val about = said.optString("survey")
            runOnUiThread { heard(type, about) }
        }
    }

    private fun heard(type: String, about: String) {
        if (type == "ready") ask()
        if (about != survey) return // an error of the page's own, say: if nothing shows, the ten seconds end it
        when (type) {
            "shown" -> supportActionBar?.hide()
            "completed" -> view.postDelayed(::finish, 2_500) // time to read the thanks
            "dismissed", "error" -> finish()
        }
    }

    private fun ask() {
        val request = JSONObject()
            .put("user", intent.getStringExtra("user"))
            .put("signature", intent.getStringExtra("signature")) // made by your server
            .put("traits", JSONObject().put("name", intent.getStringExtra("name")))
            .put("survey", survey)
            .put("hidden", JSONObject().put("hike", intent.getStringExtra("hike")).put("app_version", "3.2.0"))
        view.evaluateJavascript("askwellApp($request)", null)
    }
}
