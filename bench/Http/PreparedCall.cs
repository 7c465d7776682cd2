using System.Text;
using System.Text.Json;
using Tallystick.Client;

namespace Tallystick.Bench.Http;

/// <summary>The bytes of one call that pays, in which only the request ids change from one time to the next.</summary>
internal sealed class PreparedCall
{
    private static readonly string Placeholder = Guid.AllBitsSet.ToString();
    private readonly byte[] bytes;
    private readonly List<int> ids = [];

    /// <param name="token">The node's token.</param>
    /// <param name="batch">Payments in the call.</param>
    public PreparedCall(string token, int batch)
    {
        var payments = Enumerable.Repeat(new PayRequest("0.01", "paid", RequestId: Placeholder), batch).ToArray();
        var body = batch == 1
            ? JsonSerializer.SerializeToUtf8Bytes(payments[0], ContractJson.Default.PayRequest)
            : JsonSerializer.SerializeToUtf8Bytes(new PayBatchRequest(payments), ContractJson.Default.PayBatchRequest);
        var path = batch == 1 ? "/api/payments" : "/api/payments/batch";
        bytes =
        [
            .. Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"),
            .. body,
        ];
        var sought = Encoding.ASCII.GetBytes(Placeholder);
        for (int at = 0, found; (found = bytes.AsSpan(at).IndexOf(sought)) >= 0; at += found + sought.Length)
            ids.Add(at + found);
    }

    /// <summary>The call with new ids; valid until the next.</summary>
    public ReadOnlySpan<byte> Next()
    {
        foreach (var at in ids)
            Encoding.ASCII.GetBytes(RequestIds.Next().ToString(), bytes.AsSpan(at));
        return bytes;
    }
}
