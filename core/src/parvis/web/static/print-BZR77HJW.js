function e(n){for(let t of n)t.hidden=!1,t.addEventListener("click",()=>print())}export{e as start};
