<?php
/**
 * What WooCommerce knows, where it is there: the cart, on the pages that are never cached, and an order.
 *
 * @package Askwell
 */

defined( 'ABSPATH' ) || exit;

add_action(
	'wp_enqueue_scripts',
	function () {
		if ( ! function_exists( 'WC' ) || ! WC()->cart || ! ( is_cart() || is_checkout() ) || is_order_received_page() ) {
			return;
		}
		$items = (int) WC()->cart->get_cart_contents_count();
		$cart  = array(
			'value'    => (float) WC()->cart->get_total( 'edit' ),
			'currency' => get_woocommerce_currency(),
			'items'    => $items,
		);
		wp_add_inline_script( 'askwell', $items ? askwell_call( 'cart', $cart ) : 'askwell("cart");', 'before' );
	},
	20 // after the script itself
);

add_action(
	'woocommerce_thankyou',
	function ( $id ) {
		$order = wc_get_order( $id );
		// The page is there for failed payments too, and is loaded again at will.
		if ( ! $order || $order->has_status( 'failed' ) || $order->get_meta( '_askwell_tracked' ) ) {
			return;
		}
		$purchase = array(
			'transaction_id' => (string) $order->get_order_number(),
			'value'          => (float) $order->get_total(),
			'currency'       => $order->get_currency(),
		);
		// In the footer: a block theme draws the page's content before it even begins with the scripts.
		add_action(
			'wp_footer',
			function () use ( $order, $purchase ) {
				if ( wp_add_inline_script( 'askwell-page', askwell_call( 'track', 'purchase', $purchase ) ) ) {
					$order->update_meta_data( '_askwell_tracked', '1' );
					$order->save_meta_data();
				}
			}
		);
	}
);
