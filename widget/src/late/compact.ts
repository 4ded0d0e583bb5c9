/** For a theme of compact density: less of everything, but for what a finger has to hit and a phone has to read. */
export const compact =
  "dialog{font-size:.875em;width:24.5em}form{padding:14px 16px 0}footer{padding:6px 0 12px}#h,fieldset>label{margin-top:4px}#h+*{margin-top:10px}" +
  "@media(pointer:fine){label span,button,[part=field],select{min-height:34px!important;padding-block:5px}[part=field],textarea,select{font-size:1em}textarea[part]{min-height:68px!important}.x{width:23px;min-height:23px!important}}";
