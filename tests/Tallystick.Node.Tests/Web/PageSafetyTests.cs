using System.Net;
using System.Net.WebSockets;
using Tallystick.Client;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Web;

/// <summary>
/// What other web pages, other names of this machine and texts of peers can do to the pages: nothing.
/// </summary>
public sealed class PageSafetyTests : TwoNodes
{
    private static readonly string[] OwnersPages = ["/overview", "/activity", "/node", "/peers/bob"];

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:80", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("192.0.2.1", HttpStatusCode.Forbidden)]
    public async Task A_name_that_is_not_this_machines_is_refused(string host, HttpStatusCode expected)
    {
        using var browser = await Browser.SignedInAsync(Alice.Host);
        using var page = await browser.GetAsync("/overview", ("Host", host));
        Assert.Equal(expected, page.StatusCode);
        using var health = await browser.GetAsync("/health", ("Host", host));
        Assert.Equal(expected, health.StatusCode);
    }

    [Theory]
    [InlineData(60_000, HttpStatusCode.Unauthorized)]
    [InlineData(66_000, HttpStatusCode.BadRequest)]
    public async Task A_form_over_64_KiB_is_not_read(int length, HttpStatusCode expected)
    {
        using var stranger = new Browser(Alice.Host);
        var fields = Enumerable.Range(0, 20).Select(i => ($"{i}", new string('x', length / 20))).ToArray();
        using var answer = await stranger.PostAsync("/sign-in", "/sign-in", fields);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_that_could_bring_files_is_not_read()
    {
        using var stranger = new Browser(Alice.Host);
        var token = Browser.FormTokenOf(await stranger.PageAsync("/sign-in"));
        using var files = new MultipartFormDataContent
        {
            { new StringContent(token), "form" },
            { new StringContent("wrong"), "code" },
        };
        using var answer = await stranger.PostAsync("/sign-in", files);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        // The same without place for files is read, so the test can fail.
        using var read = await stranger.PostAsync("/sign-in", [("form", token), ("code", "wrong")]);
        Assert.Equal(HttpStatusCode.Unauthorized, read.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_form_that_another_page_sends_does_nothing(string header, string value)
    {
        using var browser = await Browser.SignedInAsync(Alice.Host);
        var token = Browser.FormTokenOf(await browser.PageAsync("/overview"));
        using var refused = await browser.PostAsync("/pay", Payment(token), (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await NothingWasPaidAsync();
    }

    [Fact]
    public async Task A_form_without_the_token_of_this_very_browser_does_nothing()
    {
        using var browser = await Browser.SignedInAsync(Alice.Host);
        using var stranger = new Browser(Alice.Host);
        var strangersToken = Browser.FormTokenOf(await stranger.PageAsync("/sign-in"));
        foreach (var token in (string[])["", "wrong", strangersToken])
        {
            using var refused = await browser.PostAsync("/pay", Payment(token));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        await NothingWasPaidAsync();
        // The same with the right token pays, so the test can fail.
        using var paid = await browser.PostAsync("/overview", "/pay", Payment(string.Empty)[1..]);
        Assert.Equal(HttpStatusCode.Redirect, paid.StatusCode);
        await Alice.UntilBalanceAsync("-1.00");
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task Another_page_cannot_listen(string origin)
    {
        using var browser = await Browser.SignedInAsync(Alice.Host);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => browser.ListenAsync("/live/overview", origin));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        using var stranger = new Browser(Alice.Host);
        await Assert.ThrowsAsync<WebSocketException>(() => stranger.ListenAsync("/live/overview"));
    }

    [Fact]
    public async Task No_page_has_anything_inline_that_could_run()
    {
        using var browser = await Browser.SignedInAsync(Alice.Host);
        foreach (var path in (string[])["/", "/sign-in", .. OwnersPages])
        {
            using var answer = await browser.GetAsync(path);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith(
                "default-src 'none'; style-src 'self'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            var page = await Browser.TextAsync(answer);
            Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
            Assert.DoesNotContain(" on", InsideTags(page), StringComparison.Ordinal);
            var script = Assert.Single(page.Split("<script").Skip(1));
            Assert.StartsWith(" type=\"module\" src=\"/look/", script, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_peer_writes_is_shown_as_text_and_steers_nothing()
    {
        const string hostile = "<script>alert(1)</script>\" onload=\"x\u202Egpj.exe\u001b[31m";
        await Bob.Client.PayAsync(new PayRequest("3", "alice", Memo: hostile, WaitMs: 10_000));
        await Alice.UntilBalanceAsync("3.00");
        using var browser = await Browser.SignedInAsync(Alice.Host);
        foreach (var path in OwnersPages.Where(path => path != "/node"))
        {
            var page = await browser.PageAsync(path);
            Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.DoesNotContain("\u202E", page, StringComparison.Ordinal);
            Assert.DoesNotContain("&#x202E;", page, StringComparison.Ordinal);
            Assert.DoesNotContain("\u001b", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Everything_that_goes_to_a_browser_is_small()
    {
        using var browser = await Browser.SignedInAsync(Alice.Host);
        var page = await browser.PageAsync("/overview");
        var total = page.Length;
        foreach (var link in page.Split('"').Where(text => text.StartsWith("/look/", StringComparison.Ordinal)))
            total += (await browser.PageAsync(link)).Length;
        Assert.InRange(total, 10_000, 100 * 1024);
    }

    private static (string, string)[] Payment(string token) =>
    [
        ("form", token), ("peer", "bob"), ("amount", "1"), ("asset", "credits"),
        ("requestId", Guid.NewGuid().ToString()),
    ];

    // What stands between < and >, where an attribute could be.
    private static string InsideTags(string page) =>
        string.Concat(page.Split('<').Skip(1).Select(part => part.Split('>')[0])
            .Where(tag => !tag.StartsWith("meta", StringComparison.Ordinal)));

    private async Task NothingWasPaidAsync()
    {
        var balance = Assert.Single((await Alice.Client.GetBalancesAsync()).Tabs);
        Assert.Equal(("0.00", "0.00"), (balance.Balance, balance.Queued));
    }
}
