(function(){
var root=document.currentScript.parentNode,$=function(s){return root.querySelector(s)};
var D=JSON.parse($('script[type="application/json"]').textContent),T=D.texts,P=D.places;
var way=[],ends=[],hinted=0,counts={};
function at(){return way.length?P[way[way.length-1].place].c[way[way.length-1].number][1]:D.start}
function el(tag,cls,text){var e=document.createElement(tag);if(cls)e.className=cls;
if(text!=null)e.textContent=text;return e}
function put(e,kids){e.textContent='';kids.forEach(function(k){e.appendChild(k)});return e}
// How many ends there are behind a place, and how many of them are what is wanted: each end once.
function reach(n){if(counts[n])return counts[n];var seen={},todo=[n],all=0,good=0;seen[n]=1;
while(todo.length){var p=P[todo.pop()];if(p.e){all++;if(p.e.kind==D.goal)good++;continue}
p.c.forEach(function(c){if(!seen[c[1]]){seen[c[1]]=1;todo.push(c[1])}})}
return counts[n]=[good,all]}
function show(){var n=at(),p=P[n];choices(p);board(p);source(p);
$('.out').textContent=T[p.o]||'nothing yet';story();finish(p);bar(p);
$('.what').hidden=!!p.e;root.dataset.place=n;root.dataset.state=p.e?p.e.kind:''}
function choices(p){var ol=$('.choices');put(ol,(p.c||[]).map(function(c,i){
var b=el('button');b.type='button';b.appendChild(el('span','no',i+1));
var s=el('span');s.appendChild(document.createTextNode(T[c[0][0]]+' '));
if(c[2])s.appendChild(el('small','',c[2]));
if(c[3])s.appendChild(el('small','',' ← Go\u2019s default'));
c[0].slice(1).forEach(function(t){s.appendChild(el('span','more','then '+T[t]))});
b.appendChild(s);b.onclick=function(){take(i)};
b.onmouseenter=b.onfocus=function(){hot(c[4])};b.onmouseleave=b.onblur=function(){hot([])};
var li=el('li');li.appendChild(b);return li}))}
function take(i){var n=at();if(!P[n].c||!P[n].c[i])return;way.push({place:n,number:i});said('');show();
if(P[at()].e){ends.push(way.slice());pair()}
var b=$('.choices button');if(b)b.focus({preventScroll:true})}
function undo(){if(way.length){way.pop();said('');show()}}
function said(t){$('.said').textContent=t}
function bar(p){var n=at(),make=function(t,f,off,key){var b=el('button','',t);b.type='button';b.onclick=f;
b.disabled=!!off;if(key)b.title='key '+key;return b};
var kids=[make('Undo',undo,!way.length,'u'),make('From the start',function(){way=[];said('');show()},!way.length,'n')];
if(D.hints.length)kids.push(make('Hint',function(){said('Hint '+(hinted+1)+' of '+D.hints.length+': '+D.hints[hinted]);
hinted=Math.min(hinted+1,D.hints.length-1)},false,'h'));
if(D.goal){kids.push(make('Is it still possible?',function(){var r=reach(at());
said(r[0]?'Yes: '+r[0]+' of the '+r[1]+' ends from here reach the goal.':'No: none of the '+r[1]+' ends from here reaches the goal. Undo.')},!!p.e));
kids.push(make('It cannot be done',claim,false,'x'))}
kids.push(make('Token so far',function(){said(P[at()].k+'  (gosim play '+D.again+' --from TOKEN goes on from here)')}));
put($('.bar'),kids)}
function claim(){var r=reach(D.start),e=$('.end');
if(r[0]){said('No: '+r[0]+' of all '+r[1]+' schedules reach the goal. Try on.');root.dataset.claim='no';return}
if(!D.whole){said('Not decided: tickers could go on for longer than this page knows.');return}
root.dataset.claim='yes';e.hidden=false;e.className='end won';
put(e,[el('p','','✓ You are right. All '+r[1]+' schedules that differ are in this page, and none of them reaches the goal: that is a proof.'),
el('div','token','gosim '+(D.named?'explore '+D.named:'play '+D.again+'   (x explores)'))])}
function board(p){var map=$('.map'),left=el('div'),right=el('div'),where={},held={};
p.g.forEach(function(i){var r=D.rows[i],c=el('div','card s'+r[4]);c.dataset.who=r[0];
c.appendChild(el('b','','▶■z'[r[4]]+' '+r[0]));c.appendChild(document.createTextNode(' '+r[1]));
c.appendChild(el('span','w',(['can ','waits to ','sleeps, then can '][r[4]])+T[r[5]]));
where[r[0]]=c;left.appendChild(c)});
p.t.forEach(function(i){var t=D.things[i],c=el('div','card th');c.appendChild(el('b','',t[1]));
c.appendChild(document.createTextNode(t[1].indexOf(t[2])<0?' '+t[2]:''));
var w=t[4].length?t[4].map(function(h){return h[1]+': '+h[0]}).join(', '):t[3];
if(w)c.appendChild(el('span','w',w));where['#'+t[0]]=c;right.appendChild(c)});
if(!p.g.length)left.appendChild(el('p','','Nobody is left.'));
var svg=document.createElementNS('http://www.w3.org/2000/svg','svg');svg.setAttribute('aria-hidden','true');
put(map,[left,right,svg]);
var edges=[],next={};
p.g.forEach(function(i){var r=D.rows[i];r[6].forEach(function(o){if(!where['#'+o[0]])return;
edges.push([r[4]==1?'w':'n',r[0],'#'+o[0]]);if(r[4]==1)(next[r[0]]=next[r[0]]||[]).push('#'+o[0])})});
p.t.forEach(function(i){var t=D.things[i];t[4].forEach(function(h){if(!where[h[0]])return;
edges.push(['h',h[0],'#'+t[0]]);(next['#'+t[0]]=next['#'+t[0]]||[]).push(h[0])})});
var ring=circle(next);ring.forEach(function(k){where[k].classList.add('ring')});
$('.circle').textContent=ring.length?'A circle: '+ring.concat(ring[0]).map(function(k){
return where[k].querySelector('b').textContent.replace(/^[▶■z] /,'')}).join(' → '):'';
map.draw=function(){var box=map.getBoundingClientRect(),out='';
edges.forEach(function(e){var a=where[e[1]].getBoundingClientRect(),b=where[e[2]].getBoundingClientRect();
var x1=a.right-box.left,x2=b.left-box.left,shift=e[0]=='h'?5:-3,y1=a.top+a.height/2-box.top+shift,y2=b.top+b.height/2-box.top+shift;
var m=(x2-x1)/2,from=e[0]=='h'?x1+7:x1+1,to=e[0]=='w'?x2-7:x2-1;
out+='<path class="'+e[0]+'" d="M'+from+' '+y1+'C'+(x1+m)+' '+y1+' '+(x1+m)+' '+y2+' '+to+' '+y2+'"/>';
if(e[0]=='w')out+='<path class="wt" d="M'+(x2-8)+' '+(y2-4)+'l8 4-8 4z"/>';
if(e[0]=='h')out+='<path class="ht" d="M'+(x1+8)+' '+(y1-4)+'l-8 4 8 4z"/>'});svg.innerHTML=out};map.draw()}
function circle(next){var keys=Object.keys(next),found=[];keys.some(function(k){var stack=[[k]];
for(var steps=0;stack.length&&steps<500;steps++){var w=stack.pop();
var hit=(next[w[w.length-1]]||[]).some(function(m){if(m==k){found=w;return true}
if(w.indexOf(m)<0)stack.push(w.concat(m));return false});if(hit)return true}return false});return found}
function hot(who){root.querySelectorAll('.hot').forEach(function(e){e.classList.remove('hot')});
who.forEach(function(w){root.querySelectorAll('[data-who~="'+w+'"]').forEach(function(e){e.classList.add('hot')})})}
function source(p){var box=$('.src'),by={},top=box.scrollTop,tables=[],focus=null,last=null,keep=box.dataset.made;
p.g.forEach(function(i){var r=D.rows[i];if(r[2]<0)return;var k=r[2]+':'+r[3];(by[k]=by[k]||[]).push(r)});
if(!keep){put(box,D.files.map(function(f,n){var t=el('table');if(D.files.length>1)t.appendChild(el('caption','',f[0]));
f[1].forEach(function(line,i){var tr=el('tr');tr.dataset.at=n+':'+(i+1);tr.appendChild(el('td','who'));
tr.appendChild(el('td','ln',i+1));tr.appendChild(el('td','',line||' '));t.appendChild(tr)});return t}));box.dataset.made=1}
box.querySelectorAll('tr').forEach(function(tr){var here=by[tr.dataset.at]||[],who=tr.firstChild;
tr.className=here.length?['here','wait','sleep'][Math.min.apply(null,here.map(function(r){return r[4]}))]:'';
who.textContent=here.map(function(r){return '▶■z'[r[4]]+' '+r[0]}).join('  ');
who.dataset.who=here.map(function(r){return r[0]}).join(' ');
if(here.length){focus=focus||tr;last=tr}});
if(focus){var y=focus.offsetTop,z=last.offsetTop+last.offsetHeight;
if(y<box.scrollTop||z>box.scrollTop+box.clientHeight)box.scrollTop=Math.max(0,Math.min(y-40,z-box.clientHeight+40>y-40?y-40:z-box.clientHeight+40))}}
function told(w){var out=[];D.before.forEach(function(t){out.push([t,0])});
w.forEach(function(s){P[s.place].c[s.number][0].forEach(function(t,i){out.push([T[t],i==0])})});return out}
function story(){var ol=$('.story');put(ol,told(way).map(function(t){return el('li',t[1]?'mine':'auto',t[0])}));
ol.scrollTop=ol.scrollHeight}
function finish(p){var e=$('.end');if(!p.e){e.hidden=true;if(p.r){e.hidden=false;e.className='end plain';
put(e,[el('p','','Main has returned: the process would be over. You go on without it, as a server would, to see who is left.')])}return}
var won=D.goal&&p.e.kind==D.goal;e.hidden=false;e.className='end '+(won?'won':D.goal?'':'plain');
var kids=[el('p','',(won?'✓ You have reached the goal. ':D.goal?'✗ Not the goal. ':'')+p.e.text+'.')];
if(p.e.head)kids.push(el('p','',p.e.head));
if(p.e.told.length){var d=el('details');d.appendChild(el('summary','','Why nobody can help who is left'));
p.e.told.forEach(function(t){d.appendChild(el('p','',t))});kids.push(d)}
kids.push(el('p','','Your schedule as a replay token:'));kids.push(el('div','token',p.k));
kids.push(el('div','token',D.named?'gosim run '+D.named+' --replay '+p.k:'gosim play '+D.again+' --from '+p.k));
var b=el('button','','Undo the last decision');b.type='button';b.onclick=undo;kids.push(b);put(e,kids)}
function pair(){var box=$('.pair');if(ends.length<2){box.textContent='';return}
var a=ends[ends.length-2],b=ends[ends.length-1],end=function(w){var s=w[w.length-1];return P[P[s.place].c[s.number][1]]};
var x=end(a),y=end(b),ta=told(a),tb=told(b),i=0;while(i<ta.length&&i<tb.length&&ta[i][0]==tb[i][0])i++;
var rows=[['outcome',x.e.kind,y.e.kind],['printed',T[x.o].trim()||'–',T[y.o].trim()||'–'],
['left over',x.e.left.join('; ')||'–',y.e.left.join('; ')||'–'],
['step '+(i+1),ta[i]?ta[i][0]:'–',tb[i]?tb[i][0]:'–']];
var t=el('table');[['',recorded&&ends.length==2?'recorded':'the time before','this time']].concat(rows).forEach(function(r,n){var tr=el('tr');
r.forEach(function(c){tr.appendChild(el(n?'td':'th','',c))});t.appendChild(tr)});
put(box,[el('h2','',recorded&&ends.length==2?'What if: the recorded way and yours':'What if: your last two ways'),t])}
document.addEventListener('keydown',function(ev){if(ev.ctrlKey||ev.metaKey||ev.altKey)return;
if(/^[1-9]$/.test(ev.key))take(+ev.key-1);else if(ev.key=='u'||ev.key=='Backspace')undo();
else if(ev.key=='d'&&P[at()].c)P[at()].c.some(function(c,i){if(c[3])take(i);return c[3]});
else if(ev.key=='n'){way=[];said('');show()}else if(ev.key=='x'&&D.goal)claim();
else if(ev.key=='h'&&D.hints.length)root.querySelectorAll('.bar button')[2].click();else return;ev.preventDefault()});
window.addEventListener('resize',function(){$('.map').draw()});
// A recorded way is taken already: the player goes back in it and chooses otherwise.
D.way.forEach(function(i){way.push({place:at(),number:i})});
var recorded=way.length&&P[at()].e;if(recorded)ends.push(way.slice());
show();if(document.fonts&&document.fonts.ready)document.fonts.ready.then(function(){$('.map').draw()});
})();
