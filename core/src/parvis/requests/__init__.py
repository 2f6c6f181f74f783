"""The heart: requests and their life. It knows neither HTTP nor HTML; every way in and every change passes here."""
