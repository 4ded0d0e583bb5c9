<?php
// Stands in for the plugin "WP Consent API" and a banner that uses it, which Debian has no package of: the same
// function, event and cookie, and no more. A real site has the real ones, and not this file.
add_action(
	'wp_footer',
	function () {
		?>
		<section id="cookies" aria-label="Cookies" hidden style="position:fixed;left:20px;bottom:20px;z-index:9;box-sizing:border-box;max-width:min(28em,100vw - 40px);padding:18px 22px;border-radius:12px;background:#fff;color:#222;box-shadow:0 8px 40px #0003">
			<p style="margin:0 0 12px"><b>May we count what is read here, and ask you about it?</b></p>
			<button type="button" class="wp-element-button" value="allow">Yes</button>
			<button type="button" class="wp-element-button" value="deny">No</button>
		</section>
		<script>
			(() => {
				const read = () => (/(?:^|; )wp_consent_statistics=(\w+)/.exec(document.cookie) || [])[1];
				window.wp_has_consent = (category) => category === "statistics" && read() === "allow";
				const banner = document.getElementById("cookies");
				banner.hidden = !!read();
				for (const button of banner.querySelectorAll("button"))
					button.addEventListener("click", () => {
						document.cookie = `wp_consent_statistics=${button.value}; path=/; max-age=31536000; samesite=lax`;
						banner.hidden = true;
						const detail = { statistics: button.value };
						document.dispatchEvent(new CustomEvent("wp_listen_for_consent_change", { detail }));
					});
			})();
		</script>
		<?php
	},
	1
);
