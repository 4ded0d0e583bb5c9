<?php
/**
 * Plugin Name:       Askwell
 * Description:       Asks your visitors one good question at the right moment: the script, users, consent, and surveys in the page.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       askwell
 * Domain Path:       /languages
 *
 * @package Askwell
 */

defined( 'ABSPATH' ) || exit;

const ASKWELL_VERSION = '0.1.0';

require __DIR__ . '/script.php';
require __DIR__ . '/survey.php';
require __DIR__ . '/woocommerce.php';
if ( is_admin() ) {
	require __DIR__ . '/settings.php';
}

/** The settings: host, site, identify, secret. ASKWELL_SECRET in wp-config.php goes before the one in the database. */
function askwell_settings() {
	$settings = wp_parse_args(
		get_option( 'askwell', array() ),
		array(
			'host'     => '',
			'site'     => '',
			'identify' => true,
			'secret'   => '',
		)
	);
	if ( defined( 'ASKWELL_SECRET' ) ) {
		$settings['secret'] = ASKWELL_SECRET;
	}
	return $settings;
}

add_action(
	'init',
	function () {
		load_plugin_textdomain( 'askwell', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
	}
);

// What the WP Consent API asks of a plugin that respects it.
add_filter( 'wp_consent_api_registered_' . plugin_basename( __FILE__ ), '__return_true' );
