<?php
// Stands in for WooCommerce, which Debian has no package of: the few functions that the plugin calls, with one cart,
// and an order each time that it is ordered, on the pages /cart/ and /order-received/. A real shop has the real one, and not this file.
function WC() { // phpcs:ignore
	return (object) array( 'cart' => new Example_Cart() );
}
class Example_Cart {
	public function get_cart_contents_count() {
		return 2;
	}
	public function get_total( $context ) {
		return 'edit' === $context ? '58.00' : '€58.00';
	}
}
class Example_Order {
	private $id;
	private $meta;
	public function __construct( $id ) {
		$this->id   = $id;
		$this->meta = get_option( "example_order_$id", array() );
	}
	public function get_order_number() {
		return (string) $this->id;
	}
	public function has_status( $status ) {
		return 'completed' === $status;
	}
	public function get_meta( $key ) {
		return $this->meta[ $key ] ?? '';
	}
	public function update_meta_data( $key, $value ) {
		$this->meta[ $key ] = $value;
	}
	public function save_meta_data() {
		update_option( "example_order_{$this->id}", $this->meta );
	}
	public function get_total() {
		return '58.00';
	}
	public function get_currency() {
		return 'EUR';
	}
}
function wc_get_order( $id ) {
	return $id > 0 ? new Example_Order( $id ) : false;
}
function get_woocommerce_currency() {
	return 'EUR';
}
function is_cart() {
	return is_page( 'cart' );
}
function is_checkout() {
	return is_page( 'order-received' ); // as WooCommerce has it: a page of the checkout
}
function is_order_received_page() {
	return is_page( 'order-received' );
}
add_shortcode(
	'example_cart',
	function () {
		$order = '/order-received/?order=' . wp_rand( 1000, 999999 );
		return '<p>One bowl, €34.00<br>One cup, €24.00</p><p><a class="wp-element-button" href="' . $order . '">Order</a></p>';
	}
);
add_shortcode(
	'example_order',
	function () {
		$id = (int) ( $_GET['order'] ?? 0 );
		ob_start();
		do_action( 'woocommerce_thankyou', $id );
		return "<p>Thank you. Order $id is on its way.</p>" . ob_get_clean();
	}
);
