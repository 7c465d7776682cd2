using System.Text.Json;

namespace Tallystick.Client;

/// <summary>Writes the JSON that must not wait for the serializer: see <see cref="PlainJson"/>.</summary>
internal static class PlainText
{
    public static byte[] Of(PayRequest request) => Of(indented: false, json =>
    {
        json.WriteString("amount", request.Amount);
        json.WriteString("peer", request.Peer);
        json.WriteString("asset", request.Asset);
        json.WriteString("memo", request.Memo);
        json.WriteString("requestId", request.RequestId);
        json.WriteNumber("waitMs", request.WaitMs);
    });

    /// <summary>An object in UTF-8.</summary>
    public static byte[] Of(bool indented, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = indented }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
