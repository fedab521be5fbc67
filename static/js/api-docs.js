// Swagger UI over our own schema; requests carry the page's CSRF token.
(() => {
  "use strict";
  const place = document.getElementById("api-docs");
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: true,
    validatorUrl: null,
    tryItOutEnabled: false,
    defaultModelsExpandDepth: 0,
    requestInterceptor(request) {
      if (token && new URL(request.url, location.href).origin === location.origin) {
        request.headers["X-CSRFToken"] = token;
      }
      return request;
    },
  });
})();
