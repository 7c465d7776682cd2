using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Tallystick.Client;
using Tallystick.Node.Hosting;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Durability;

/// <summary>
/// Secrets get into no log, no output and no file but their own, even when the program says all that it can: it is
/// started, linked, paid with, asked with good and bad tokens and stopped, and everything that it wrote is searched.
/// </summary>
public sealed class SecretsTests : IDisposable
{
    private const string Secret = "correct-horse-battery-staple";
    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task The_key_the_passphrase_the_token_and_the_sign_in_code_are_in_nothing_that_is_written()
    {
        string token, code, output, errors;
        var (alice, aliceClient, _) = await StartAsync("alice");
        await using (alice)
        {
            token = (await File.ReadAllTextAsync(scratch.Of("alice", "token"))).Trim();
            using (aliceClient)
            {
                code = new Uri((await aliceClient.GetNodeAsync()).SignIn!).Query["?code=".Length..];
                var (bob, bobClient, bobAt) = await StartAsync("bob");
                await using (bob)
                using (bobClient)
                {
                    await PayAsync(aliceClient, bobClient, bobAt);
                    await AskAsync(scratch.Of("alice"), token, code);
                    await bob.SignalAsync("TERM");
                    await bob.EndAsync();
                }
            }
            await alice.SignalAsync("TERM");
            Assert.Equal(0, await alice.EndAsync());
            (output, errors) = (alice.Output, alice.Errors);
        }
        var wrong = await Tally.RunAsync(
            ["up", "--headless", "--name", "alice", "--data", scratch.Of("alice"), "--listen", "off", "--debug"],
            environment: new Dictionary<string, string?> { ["TALLYSTICK_PASSPHRASE"] = Secret + "-but-wrong" });
        Assert.Equal(1, wrong.Code);

        // The search must be able to fail: the log is there, it is verbose, and what may be in it is found in it.
        Assert.InRange(errors.Split('\n').Length, 10, int.MaxValue);
        Assert.Contains("/api/payments", errors);
        AssertNowhere(token, code, output, errors, wrong.Output, wrong.Errors);
    }

    private static async Task PayAsync(TallystickClient alice, TallystickClient bob, string bobAt)
    {
        await alice.AddPeerAsync(new AddPeerRequest("bob", bobAt));
        await Until.TrueAsync("alice knocks", async () => (await bob.GetPeersAsync()).Strangers.Count > 0);
        var knocked = (await bob.GetPeersAsync()).Strangers[0];
        await bob.AcceptPeerAsync(new AcceptPeerRequest(knocked.Fingerprint));
        var paid = await alice.PayAsync(new PayRequest("10", "bob", Memo: "lunch", WaitMs: 30_000));
        Assert.Contains(paid.State, (string[])[PaymentStates.Queued, PaymentStates.Sent, PaymentStates.Delivered]);
        await Until.TrueAsync("the payment is delivered", async () =>
            (await alice.GetPaymentAsync(paid.RequestId)).State == PaymentStates.Delivered);
    }

    private static async Task AskAsync(string folder, string token, string code)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(RunningNodes.At(folder)!.Url!),
        };
        foreach (var shown in (string?[])[token, token + "x", null])
        {
            foreach (var (path, body) in ((string, string?)[])[
                ("api/node", null), ("api/no-such-path", null), ("api/payments", "{"),
                ("api/payments", "{\"amount\":\"-1\",\"peer\":\"bob\"}"), ("api/events?token=" + "none", null),
                ("sign-in?code=" + code, null), ("sign-in?code=none", null)])
                await SendAsync(http, path, body, shown);
        }
    }

    private static async Task SendAsync(HttpClient http, string path, string? body, string? token)
    {
        using var request = new HttpRequestMessage(
            body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    private void AssertNowhere(string token, string code, params string[] said)
    {
        var secrets = SecretsOfKey().Concat(((string[])[token, code, Secret]).Select(Encoding.ASCII.GetBytes));
        var texts = said.Select(Encoding.UTF8.GetBytes);
        var files = Directory.EnumerateFiles(scratch.Path, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("key" or "token"))
            .Select(File.ReadAllBytes);
        var written = texts.Concat(files).ToList();
        Assert.InRange(written.Sum(text => text.Length), 10_000, int.MaxValue);
        foreach (var secret in secrets)
            Assert.All(written, text => Assert.Equal(-1, text.AsSpan().IndexOf(secret)));
    }

    /// <summary>The private number as bytes, and as the texts in which somebody may have written it.</summary>
    private IEnumerable<byte[]> SecretsOfKey()
    {
        using var key = ECDsa.Create();
        key.ImportFromEncryptedPem(File.ReadAllText(scratch.Of("alice", "key")), Secret);
        var number = key.ExportParameters(includePrivateParameters: true).D!;
        // Base64 depends on where the number stands in what is encoded; its inner part does so in three ways.
        var base64 = Enumerable.Range(0, 3).Select(
            shift => Convert.ToBase64String([.. new byte[shift], .. number, 0, 0])[4..40]);
        return ((string[])[Convert.ToHexString(number), Convert.ToHexStringLower(number), .. base64])
            .Select(Encoding.ASCII.GetBytes).Append(number);
    }

    private async Task<(ProgramProcess Process, TallystickClient Client, string Listen)> StartAsync(string name)
    {
        var process = Tally.Start(
            ["up", "--headless", "--name", name, "--data", scratch.Of(name), "--listen", "127.0.0.1:0", "--debug"],
            new Dictionary<string, string?> { ["TALLYSTICK_PASSPHRASE"] = Secret });
        await process.HearAsync($"{name} is up: ");
        var running = RunningNodes.At(scratch.Of(name))!;
        var client = TallystickClient.OverUnixSocket(
            running.SocketPath, (await File.ReadAllTextAsync(running.TokenPath)).Trim());
        return (process, client, (await client.GetNodeAsync()).Listen!);
    }
}
