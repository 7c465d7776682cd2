using System.Net;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Web;

public sealed class SignInTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private RunningTestNode node = null!;

    public async ValueTask InitializeAsync() => node = await RunningTestNode.StartAsync(folder, "alice");

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("/overview")]
    [InlineData("/activity")]
    [InlineData("/node")]
    [InlineData("/peers/bob")]
    [InlineData("/no-such-page")]
    public async Task Whoever_has_not_signed_in_is_shown_the_way_in_and_nothing_else(string path)
    {
        using var stranger = new Browser(node.Host);
        using var answer = await stranger.GetAsync(path);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/sign-in", answer.Headers.Location!.ToString());
        Assert.Empty(await Browser.TextAsync(answer));
    }

    [Fact]
    public async Task The_link_gives_a_cookie_that_no_script_reads_and_no_other_site_sends()
    {
        using var browser = new Browser(node.Host);
        using var answer = await browser.GetAsync(node.Host.SignInUrl!.PathAndQuery);
        var cookie = answer.Headers.GetValues("Set-Cookie")
            .Single(text => !text.Contains("visitor", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        // The code is not in the page, and the page goes on by itself without a script.
        var page = await Browser.TextAsync(answer);
        Assert.DoesNotContain(node.Host.SignInUrl.Query[6..], page, StringComparison.Ordinal);
        Assert.Contains("content=\"0; url=/overview\"", page, StringComparison.Ordinal);
        Assert.Contains("Net balance", await browser.PageAsync("/overview"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_outlives_a_restart_and_ends_with_the_token_file()
    {
        using var browser = await Browser.SignedInAsync(node.Host);
        var port = node.Host.WebUrl!.Port;
        node = await node.RestartAsync();
        Assert.Equal(port, node.Host.WebUrl!.Port);
        Assert.Contains("Net balance", await browser.PageAsync("/overview"), StringComparison.Ordinal);

        var options = node.Options;
        await node.DisposeAsync();
        File.Delete(Path.Combine(options.DataFolder, "token"));
        node = await RunningTestNode.StartAsync(options);
        using var refused = await browser.GetAsync("/overview");
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
    }

    [Fact]
    public async Task Neither_the_code_nor_the_cookie_opens_the_api()
    {
        using var browser = await Browser.SignedInAsync(node.Host);
        using var byCookie = await browser.GetAsync("/api/node");
        Assert.Equal(HttpStatusCode.Unauthorized, byCookie.StatusCode);
        var code = node.Host.SignInUrl!.Query["?code=".Length..];
        using var byCode = await browser.GetAsync("/api/node", ("Authorization", "Bearer " + code));
        Assert.Equal(HttpStatusCode.Unauthorized, byCode.StatusCode);
        using var byToken = new Browser(node.Host);
        using var wrong = await byToken.GetAsync("/sign-in?code=" + node.Host.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task The_link_may_be_pasted_into_the_form_whole()
    {
        using var browser = new Browser(node.Host);
        using var wrong = await browser.PostAsync("/sign-in", "/sign-in", ("code", "nonsense"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var right = await browser.PostAsync("/sign-in", "/sign-in", ("code", node.Host.SignInUrl!.ToString()));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Contains("Net balance", await browser.PageAsync("/overview"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_ten_wrong_codes_even_the_right_one_has_to_wait_and_who_is_in_stays_in()
    {
        using var owner = await Browser.SignedInAsync(node.Host);
        using var guesser = new Browser(node.Host);
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await guesser.GetAsync("/sign-in?code=" + i);
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        using var tooMany = await guesser.GetAsync(node.Host.SignInUrl!.PathAndQuery);
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
        Assert.True(tooMany.Headers.RetryAfter is not null);
        Assert.Contains("Net balance", await owner.PageAsync("/overview"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_forgets_this_browser()
    {
        using var browser = await Browser.SignedInAsync(node.Host);
        using var left = await browser.PostAsync("/node", "/sign-out");
        Assert.Equal("/", left.Headers.Location!.ToString());
        using var refused = await browser.GetAsync("/overview");
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
    }
}
