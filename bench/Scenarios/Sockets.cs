using System.Net;
using System.Net.WebSockets;
using Tallystick.Bench.Live;
using Tallystick.Bench.Results;
using Tallystick.Client;

namespace Tallystick.Bench.Scenarios;

/// <summary>Many open sockets to one node: programs that hear its events, and open pages.</summary>
internal static class Sockets
{
    private const int Changes = 5;

    /// <summary>Opens them, changes something, and looks at who hears of it when.</summary>
    /// <param name="count">How many sockets of each kind.</param>
    public static async Task<Section> RunAsync(int count)
    {
        var report = new Report(
            "sockets",
            $"{count:N0} WebSockets to a node in another process, over loopback; then it is paid {Changes} times, and "
            + "each payment is heard on every socket. From the payer's request; medians.");
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-");
        try
        {
            await using var pair = await ProposingNode.StartAsync(folder.FullName);
            var token = pair.Peer.Token;
            await MeasureAsync(report, "events", pair, "api/events", count, paid => $"\"amount\":\"{paid}\"",
                options => options.SetRequestHeader("Authorization", $"Bearer {token}"));
            var cookies = await SignInAsync(pair.Peer.SignIn);
            await MeasureAsync(report, "pages", pair, "live/overview", count, paid => $"{paid} <small>", options =>
            {
                options.Cookies = cookies;
                options.SetRequestHeader("Origin", pair.Peer.Web.GetLeftPart(UriPartial.Authority));
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return report.Section;
    }

    private static async Task MeasureAsync(
        Report report,
        string kind,
        ProposingNode pair,
        string path,
        int count,
        Func<string, string> words,
        Action<ClientWebSocketOptions> prepare)
    {
        var address = new UriBuilder(new Uri(pair.Peer.Web, path)) { Scheme = "ws" }.Uri;
        using (await OpenSockets.OpenAsync(address, 1, prepare))
            await Task.Delay(TimeSpan.FromSeconds(1));
        var before = pair.Peer.MemoryMiB;
        using var sockets = await OpenSockets.OpenAsync(address, count, prepare);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var kib = (pair.Peer.MemoryMiB - before) * 1024 / count;
        var times = new List<(double First, double Middle, double Last)>();
        for (var i = 0; i < Changes; i++)
        {
            var amount = $"{100 + i}.{Random.Shared.Next(10, 100)}";
            times.Add(await sockets.HearAsync(
                words(amount), () => pair.Client.PayAsync(new PayRequest(amount, "answering"))));
        }
        report.Add($"{kind}: ms until the first, the middle and the last had it", string.Join(
            "; ",
            new[] { times.Select(t => t.First), times.Select(t => t.Middle), times.Select(t => t.Last) }
                .Select(each => $"{Row.Median(each):0.0}")));
        report.Add($"{kind}: memory of the node for each socket, KiB", $"{kib:0}");
        report.Add($"{kind}: opening one, ms", $"{sockets.OpenedIn.TotalMilliseconds:0.0}");
    }

    private static async Task<CookieContainer> SignInAsync(Uri link)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var http = new HttpClient(handler);
        using var answer = await http.GetAsync(link);
        answer.EnsureSuccessStatusCode();
        return handler.CookieContainer;
    }
}
