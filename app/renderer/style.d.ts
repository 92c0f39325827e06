/** The bundler puts it beside the page. */
declare module "*.css";
