<?php
/**
 * The script on the page, and what it is told before it is there.
 *
 * @package Askwell
 */

defined( 'ABSPATH' ) || exit;

/** A call of askwell() as JavaScript. Whatever is in the arguments, it stays within the script element. */
function askwell_call( ...$arguments ) {
	$json = array_map(
		function ( $argument ) {
			return wp_json_encode( $argument, JSON_HEX_TAG | JSON_HEX_AMP );
		},
		$arguments
	);
	return 'askwell(' . implode( ',', $json ) . ');';
}

/** Who is signed in, and the signature that proves it; empty for visitors. */
function askwell_identify( $settings ) {
	if ( ! $settings['identify'] || ! is_user_logged_in() ) {
		return '';
	}
	$user = wp_get_current_user();
	$id   = (string) $user->ID;
	/**
	 * Filters what is told of a user beside the id. Never an email address or a name: responses keep it.
	 *
	 * @param array   $traits Strings, numbers and booleans by name.
	 * @param WP_User $user   The user.
	 */
	$traits = apply_filters( 'askwell_traits', array( 'role' => (string) reset( $user->roles ) ), $user );
	if ( '' === $settings['secret'] ) {
		return askwell_call( 'identify', $id, (object) $traits );
	}
	return askwell_call( 'identify', $id, (object) $traits, hash_hmac( 'sha256', $id, $settings['secret'] ) );
}

add_action(
	'wp_enqueue_scripts',
	function () {
		$settings = askwell_settings();
		if ( '' === $settings['host'] || '' === $settings['site'] || is_customize_preview() ) {
			return;
		}
		$src = $settings['host'] . '/w/' . $settings['site'] . '.js';
		// Without a version: the collector itself says how long the script may be kept. WordPress before 6.3 reads
		// the last argument as "in the footer", which is as good.
		wp_enqueue_script( 'askwell', $src, array(), null, array( 'strategy' => 'async' ) ); // phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion
		$stub = 'window.askwell=window.askwell||function(){(askwell.q=askwell.q||[]).push(arguments)};';
		wp_add_inline_script( 'askwell', $stub . askwell_identify( $settings ), 'before' );

		// Consent, and surveys in the page.
		wp_enqueue_script( 'askwell-page', plugins_url( 'page.js', __FILE__ ), array(), ASKWELL_VERSION, true );
		/**
		 * Filters the category of the WP Consent API that a visitor has to allow.
		 *
		 * @param string $category 'statistics', 'preferences' …
		 */
		$category = apply_filters( 'askwell_consent_category', 'statistics' );
		wp_add_inline_script( 'askwell-page', 'window.askwellConsent=' . wp_json_encode( $category ) . ';', 'before' );
	}
);

add_filter(
	'script_loader_tag',
	function ( $tag, $handle ) {
		// WordPress knows no "async" before 6.3.
		if ( 'askwell' !== $handle || preg_match( '/\sasync\b/', $tag ) ) {
			return $tag;
		}
		return preg_replace( '/<script(?=[^>]*\ssrc=)/', '<script async', $tag );
	},
	10,
	2
);
