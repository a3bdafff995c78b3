# <script>alert("LEAK-page")</script> <img src=x onerror=alert(1)> </pre></code></textarea><svg onload=alert(1)>
from IPython.display import HTML, SVG, Javascript, Markdown, display

display(HTML("<script>alert('LEAK-" + "5c20')</script>"), Javascript("alert('LEAK-" + "5c20')"), Markdown("[x](javascript:alert(1))"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'))
print("\x1b[31m<script>alert('LEAK-" + "5c20')</script>\x1b]8;;http://example.org\x07")


def double(x):
    return np.asarray(x) * 2.0
