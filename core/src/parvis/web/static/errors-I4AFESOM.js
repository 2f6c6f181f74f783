function e([t]){t.focus(),document.title=`${t.querySelector("h2").textContent} \u2013 ${document.title}`}export{e as start};
