{% load i18n %}// folium makes every marker with Leaflet's own picture before it gives it another: there is no such picture here.
L.Marker.prototype.options.icon = L.divIcon({ className: "" });
addEventListener("DOMContentLoaded", function () {
  "use strict";
  var map = window.map_briefing;
  var bounds = L.latLngBounds({{ bounds|safe }});
  function fit() { map.fitBounds(bounds, { padding: [24, 24], animate: false }); }
  // From afar facilities are dots: their icons would cover each other, and the names.
  map.on("zoomend", function () { map.getContainer().classList.toggle("far", map.getZoom() < 14); });
  document.querySelector(".leaflet-control-zoom-in").title = "{% translate "放大" %}";
  document.querySelector(".leaflet-control-zoom-out").title = "{% translate "缩小" %}";
  map.invalidateSize();
  fit();
  var names = document.getElementById("names").children;
  document.querySelectorAll("[data-label]").forEach(function (label) { label.textContent = names[label.dataset.label].textContent; });
  document.querySelectorAll("template[data-mark]").forEach(function (template) {
    var marker = window["marker_" + template.dataset.mark];
    marker.getElement().title = template.dataset.title;
    marker.getElement().setAttribute("aria-label", template.dataset.title);
    marker.bindPopup(function () { return template.content.firstElementChild.cloneNode(true); }, { maxWidth: 300, minWidth: 240, maxHeight: Math.max(240, map.getSize().y - 110), autoPanPadding: [16, 16] });
  });
  document.querySelectorAll("button[data-mark]").forEach(function (button) {
    button.addEventListener("click", function () {
      var marker = window["marker_" + button.dataset.mark];
      map.setView(marker.getLatLng(), Math.max(map.getZoom(), 14.5), { animate: false });
      marker.openPopup();
      if (matchMedia("(max-width: 899px)").matches) map.getContainer().scrollIntoView({ block: "start" });
    });
  });
  // Names keep clear of works and of each other: above or below where there is room, else they wait for a nearer look.
  var places = ["", "up", "down"], taken = [];
  function free(box) {
    return !taken.some(function (other) {
      return box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
    });
  }
  function place(span) {
    var found = places.some(function (where) {
      span.className = where;
      return free(span.getBoundingClientRect());
    });
    if (found) taken.push(span.getBoundingClientRect());
    else span.className = "none";
  }
  function placeNames() {
    taken = Array.from(document.querySelectorAll(".mark.project"), function (mark) { return mark.getBoundingClientRect(); });
    [".label.township", ".label.in", ".label.out:not(.township)"].forEach(function (kind) {
      document.querySelectorAll(kind + " span").forEach(place);
    });
  }
  map.on("zoomend moveend", placeNames);
  placeNames();
  var big = document.querySelector("dialog.big");
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-photo]");
    if (button) {
      var shown = button.querySelector("img");
      big.querySelector("img").src = shown.src;
      big.querySelector("img").alt = shown.alt;
      big.querySelector("p").textContent = Array.from(button.querySelectorAll("span")).map(function (span) { return span.textContent; }).reverse().join("　");
      big.showModal();
    } else if (event.target === big) big.close();
  });
  addEventListener("resize", function () { map.invalidateSize(); });
});
