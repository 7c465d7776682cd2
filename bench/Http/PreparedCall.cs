using System.Text;
using System.Text.Json;
using Tallystick.Client;

namespace Tallystick.Bench.Http;

/// <summary>A call that pays, in which only the request ids change from one time to the next.</summary>
internal sealed class PreparedCall
{
    private static readonly string Placeholder = Guid.AllBitsSet.ToString();
    private readonly byte[] body;
    private readonly List<int> ids = [];

    /// <param name="batch">Payments in the call.</param>
    public PreparedCall(int batch)
    {
        var payments = Enumerable.Repeat(new PayRequest("0.01", "paid", RequestId: Placeholder), batch).ToArray();
        body = batch == 1
            ? JsonSerializer.SerializeToUtf8Bytes(payments[0], ContractJson.Default.PayRequest)
            : JsonSerializer.SerializeToUtf8Bytes(new PayBatchRequest(payments), ContractJson.Default.PayBatchRequest);
        (Path, Payments) = (batch == 1 ? "/api/payments" : "/api/payments/batch", batch);
        var sought = Encoding.ASCII.GetBytes(Placeholder);
        for (int at = 0, found; (found = body.AsSpan(at).IndexOf(sought)) >= 0; at += found + sought.Length)
            ids.Add(at + found);
    }

    /// <summary>Where it is sent to.</summary>
    public string Path { get; }

    /// <summary>Payments in it.</summary>
    public int Payments { get; }

    /// <summary>Bytes of its body, the same every time.</summary>
    public int Length => body.Length;

    /// <summary>The body with new ids; valid until the next.</summary>
    public ReadOnlySpan<byte> Next()
    {
        foreach (var at in ids)
            Encoding.ASCII.GetBytes(RequestIds.Next().ToString(), body.AsSpan(at));
        return body;
    }

    /// <summary>Throws unless an answer says that everything was paid.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public void Check(ReadOnlySpan<byte> answer)
    {
        if (answer.Count("\"state\":\"sent\""u8) != Payments)
            throw new IOException(Encoding.UTF8.GetString(answer));
    }
}
