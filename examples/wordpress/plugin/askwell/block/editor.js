// The block in the editor: a field for the survey's id. Without a build step, so without JSX.
(({ blocks, blockEditor, components, element, i18n }) => {
  const { createElement } = element;
  const { __ } = i18n;
  blocks.registerBlockType("askwell/survey", {
    edit: ({ attributes, setAttributes }) =>
      createElement(
        "div",
        blockEditor.useBlockProps(),
        createElement(
          components.Placeholder,
          { icon: "feedback", label: __("Askwell survey", "askwell") },
          createElement(components.TextControl, {
            label: __("Id of the survey", "askwell"),
            value: attributes.survey,
            onChange: (survey) => setAttributes({ survey }),
          }),
        ),
      ),
    save: () => null, // PHP draws it
  });
})(window.wp);
